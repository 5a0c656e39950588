/** The operator's keys. A wall has no mouse. */
import { signal } from "@preact/signals";
import { language } from "../../screen/words";
import type { View } from "../view";
import { toggle, wake } from "./sound";

/** Whether the help is open. */
export const help = signal(false);

export function keys(view: View): void {
  const deeds: Record<string, () => void> = {
    " ": view.hold,
    ArrowUp: () => view.step(-1),
    ArrowLeft: () => view.step(-1),
    ArrowDown: () => view.step(1),
    ArrowRight: () => view.step(1),
    Enter: () => visit(view.focus.value?.id),
    s: toggle,
    l: otherLanguage,
    "?": () => {
      help.value = !help.value;
    },
    Escape: () => {
      help.value = false;
    },
  };
  view.scenes.forEach((scene, place) => {
    deeds[String(place + 1)] = () => view.pick(scene);
  });
  document.addEventListener("keydown", (event) => {
    wake();
    const deed = deeds[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!deed || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    event.preventDefault();
    deed();
  });
}

function visit(incident: number | undefined): void {
  if (incident !== undefined) location.assign(`/desk/incidents/${incident}`);
}

/** In the page's address, where every reload finds it. */
function otherLanguage(): void {
  const address = new URL(location.href);
  address.searchParams.set("lang", language.value === "id" ? "en" : "id");
  location.replace(address);
}
