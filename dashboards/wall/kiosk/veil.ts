/** What is drawn across the page by a worker when the page itself cannot say any more that it stands. */
import { known, serverNow, timeOf } from "../../screen/clock";
import { frozenSince } from "../../screen/link";
import { say } from "../../screen/words";
import type { Sign } from "./stuck";
import workerUrl from "./stuck_worker?worker&url";

const SIGN_MS = 1_000;
const SIZE = { width: 1_920, height: 1_080 };

/** For as long as the page lives. A browser that draws nowhere but in pages goes without. */
export function veiling(body: HTMLElement): void {
  const canvas = document.createElement("canvas");
  if (!("transferControlToOffscreen" in canvas)) return;
  Object.assign(canvas, { ...SIZE, className: "veil" });
  canvas.setAttribute("aria-hidden", "true");
  body.append(canvas);
  const drawn = canvas.transferControlToOffscreen();
  const worker = new Worker(workerUrl, { type: "module" });
  worker.postMessage(drawn, [drawn]);
  const sign = () => {
    if (known.peek()) worker.postMessage(signOfLife());
  };
  setInterval(sign, SIGN_MS);
  document.addEventListener("visibilitychange", sign);
}

function signOfLife(): Sign {
  const since = frozenSince.peek() ?? serverNow();
  return { text: `${say("frozen")} ${timeOf(since)}`, visible: document.visibilityState === "visible" };
}
