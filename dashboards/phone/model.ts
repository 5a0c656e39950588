/** What the page knows, as signals, and when it asks the server. */
import { computed, effect, signal } from "@preact/signals";
import { tick, useZone } from "../screen/clock";
import { ageOf } from "../screen/freshness";
import { uuid } from "../screen/uuid";
import { type Language, language } from "../screen/words";
import { type Deed, type Item, pauseSeconds, WAITING } from "./queue";
import type { Kept } from "./shapes";
import * as store from "./store";
import { type Reach, synchronise, waits } from "./sync";
import * as time from "./time";

/** While somebody looks at the page. */
const EVERY_SECONDS = 60;

export const kept = signal<Kept | null>(null);
export const queue = signal<readonly Item[]>([]);
export const online = signal(navigator.onLine);
export const asking = signal(false);
/** How many forms are open: nothing takes from somebody what he is writing. */
export const writing = signal(0);
const reach = signal<Reach | null>(null);

/** Why what is shown may not be so any more; null while it is of now. */
export const trouble = computed<"offline" | "blind" | Exclude<Reach, "reached"> | null>(() => {
  if (!online.value) return "offline";
  if (reach.value !== null && reach.value !== "reached") return reach.value;
  if (kept.value === null) return null;
  return age.value.old ? "away" : kept.value.body.blind_since ? "blind" : null;
});

export const age = computed(() => ageOf(kept.value?.at ?? null, tick.value, EVERY_SECONDS));

/** The language asked for on this phone; empty: the technician's own, as the server knows it. */
let asked: Language | "" = "";

export async function begin(lang: Language | ""): Promise<void> {
  asked = lang;
  if (asked) speak(asked);
  await time.begin();
  await load();
  store.listen(() => void load());
  addEventListener("online", listenToLine);
  addEventListener("offline", listenToLine);
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", look);
  setInterval(time.wake, 1_000);
  void refresh();
}

function speak(lang: Language): void {
  language.value = lang;
  document.documentElement.lang = lang;
}

async function load(): Promise<void> {
  const [state, items] = await Promise.all([store.kept(), store.items()]);
  if (state) {
    useZone(state.body.time_zone);
    speak(asked || state.body.language);
  }
  kept.value = state;
  queue.value = items;
}

function listenToLine(): void {
  online.value = navigator.onLine;
  if (online.value) void refresh();
}

function look(): void {
  time.wake();
  if (document.visibilityState === "visible") void refresh();
}

let wanted = false;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Ask and send now; once more, where something came up meanwhile. */
export async function refresh(): Promise<void> {
  wanted = true;
  if (asking.value) return;
  asking.value = true;
  try {
    await ask();
  } finally {
    asking.value = false;
  }
}

async function ask(): Promise<void> {
  clearTimeout(timer);
  while (wanted) {
    wanted = false;
    reach.value = await synchronise(asked, time.hear);
    online.value = navigator.onLine;
  }
  failures = reach.value === "away" ? failures + 1 : 0;
  if (failures) await leaveToBrowser();
  const seconds = failures ? pauseSeconds(failures - 1, Math.random()) : EVERY_SECONDS;
  timer = setTimeout(() => void refresh(), seconds * 1_000);
}

/** Where the browser can, it wakes the service worker when there is a network, the page open or not. */
async function leaveToBrowser(): Promise<void> {
  const account = kept.value?.body.me.account;
  if (!account || !(await waits(account))) return;
  const registration = await navigator.serviceWorker?.getRegistration("/phone");
  const browser = registration as { sync?: { register(tag: string): Promise<void> } } | undefined;
  await browser?.sync?.register("pantau-phone").catch(() => {}); // a browser may forbid it: the page's own timer is left
}

/** Into the queue; then which bound refused it, null for none. Raises where the disk is full. */
export async function enqueue(
  incident: { id: number; title: string },
  deed: Deed,
  image: Blob | null = null,
): Promise<"items" | "bytes" | null> {
  const account = kept.value?.body.me.account ?? "";
  const about = { account, incident: incident.id, title: incident.title, at: time.nowText() };
  const refused = await store.add({ key: uuid(), ...about, deed, image, fate: WAITING });
  if (refused) return refused;
  void navigator.storage?.persist?.();
  void leaveToBrowser();
  void refresh();
  return null;
}

export async function sendAgain(item: Item): Promise<void> {
  await store.change(item.key, (current) => ({ ...current, fate: WAITING }));
  void refresh();
}

export const drop = (item: Item): Promise<void> => store.change(item.key, () => null);

/** Names and numbers of people do not stay on a phone that was logged out; what waits does. */
export async function logOut(): Promise<void> {
  const answer = await fetch("/logout", { method: "POST" }).catch(() => null);
  if (answer === null) {
    reach.value = "away"; // the session would go on, and the page say that it did not
    return;
  }
  await store.depart();
  location.assign("/login?next=/phone");
}

/** A page's own reload, for a new build: when nobody is writing, and nothing is on its way. */
export function reloadSoon(): void {
  effect(() => {
    if (!writing.value && !asking.value) location.reload();
  });
}
