/** Loading the page anew: when it does not draw any more, when another build is served, and once a night. */
import { effect } from "@preact/signals";
import { known, secondOfDay, serverNow, tick } from "../../screen/clock";
import { build } from "../../screen/link";
import { FrameWatch } from "./frame_watch";
import { untilNight } from "./night";
import { note, type Reload, recall, waitBefore } from "./reloads";
import { wouldLoad } from "./session";

const KEY = "pantau.reloads";
const CHECK_MS = 5_000;
const RETRY_MS = 5_000;
/** The screens of a room do not all ask for a new build at the same moment. */
const BUILD_SPREAD_MS = 20_000;
/** What a browser reports as an error and is none: it merely measures again in the next frame. */
const HARMLESS = /^ResizeObserver loop/;

let due: ReturnType<typeof setTimeout> | undefined;

/** As soon as the past allows and the server would answer. Asked for again meanwhile, it is one reload. */
export function renew(why: string, afterMs = 0): void {
  if (due !== undefined) return;
  const past = recall(sessionStorage, KEY);
  due = setTimeout(() => void reload(why), Math.max(afterMs, waitBefore(past, Date.now())));
}

export const lastReload = (): Reload | undefined => recall(sessionStorage, KEY).at(-1);

async function reload(why: string): Promise<void> {
  if (!(await wouldLoad())) {
    due = setTimeout(() => void reload(why), RETRY_MS);
    return;
  }
  note(sessionStorage, KEY, recall(sessionStorage, KEY), { at: Date.now(), why });
  location.reload();
}

/** For as long as the page lives. `ownBuild` is the one it was built in. */
export function renewing(ownBuild: string): void {
  onErrors();
  onStandstill();
  onBuild(ownBuild);
  onNight();
}

function onErrors(): void {
  addEventListener("error", ({ message }) => {
    if (!HARMLESS.test(message)) renew(`error: ${message}`);
  });
  addEventListener("unhandledrejection", ({ reason }) => renew(`rejection: ${String(reason)}`));
}

function onStandstill(): void {
  const watch = new FrameWatch(CHECK_MS);
  setInterval(() => {
    const clock = known.peek() ? (document.getElementById("clock")?.textContent ?? "") : null;
    if (watch.check(performance.now(), document.visibilityState === "visible", clock)) renew("standstill");
    requestAnimationFrame(() => watch.frame());
  }, CHECK_MS);
}

function onBuild(ownBuild: string): void {
  effect(() => {
    if (build.value && ownBuild && build.value !== ownBuild) renew("build", Math.random() * BUILD_SPREAD_MS);
  });
}

function onNight(): void {
  const stop = effect(() => {
    if (tick.value === 0) return;
    setTimeout(() => renew("night"), untilNight(secondOfDay(serverNow()), Math.random()));
    queueMicrotask(() => stop());
  });
}
