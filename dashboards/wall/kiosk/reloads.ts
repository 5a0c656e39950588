/** When the page may load itself anew: at once the first time, and ever later while that does not help. */

const FIRST_MS = 2_000;
const MOST_MS = 600_000;
/** A page that lived so long was sound: what happens next is new. */
const SOUND_MS = 900_000;
const KEPT = 10;

export interface Reload {
  at: number;
  why: string;
}

/** How long to wait before the next, `now` and `past` by one clock; that clock may have been set back meanwhile. */
export function waitBefore(past: readonly Reload[], now: number): number {
  let last = now;
  let row = 0;
  for (const { at } of [...past].reverse()) {
    if (at > last || last - at > SOUND_MS) break;
    row += 1;
    last = at;
  }
  return Math.min(MOST_MS, FIRST_MS * 4 ** row);
}

/** As a tab keeps them, over its own reloads; what cannot be read counts as none. */
export function recall(store: Pick<Storage, "getItem">, key: string): Reload[] {
  try {
    const kept: unknown = JSON.parse(store.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isReload) : [];
  } catch {
    return []; // written by another version, or storage is refused
  }
}

export function note(store: Pick<Storage, "setItem">, key: string, past: readonly Reload[], next: Reload): void {
  store.setItem(key, JSON.stringify([...past, next].slice(-KEPT)));
}

function isReload(given: unknown): given is Reload {
  return typeof given === "object" && given !== null && "at" in given && typeof given.at === "number";
}
