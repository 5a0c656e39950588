/** Which keys there are, over the wall, and gone by itself. */
import { useEffect } from "preact/hooks";
import { timeOf } from "../../screen/clock";
import type { About } from "../../screen/shapes";
import { tell } from "../words";
import { help } from "./keys";
import { lastReload } from "./renewal";

const OPEN_MS = 30_000;

export function Help({ about, scenes }: { about: About; scenes: number }) {
  const open = help.value;
  useEffect(() => {
    if (!open) return;
    const timer = setTimeout(() => {
      help.value = false;
    }, OPEN_MS);
    return () => clearTimeout(timer);
  }, [open]);
  if (!open) return null;
  const last = lastReload();
  const lines: [string, string][] = [
    [`1–${scenes}`, tell("key_scene")],
    [tell("key_space"), tell("key_hold")],
    ["↑ ↓", tell("key_arrows")],
    ["Enter", tell("key_enter")],
    ["S", tell("key_sound")],
    ["L", tell("key_language")],
    ["?", tell("key_help")],
  ];
  return (
    <div id="help" role="dialog" aria-label={tell("help")}>
      <h2>{tell("help")}</h2>
      <dl>
        {lines.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p>
        {`${tell("build")}: ${about.build}`}
        {last && `. ${tell("reloaded")}: ${timeOf(last.at)}, ${last.why}`}
      </p>
    </div>
  );
}
