/** What was done on this phone and the server has not answered for yet. Pure: no network, no disk, no clock. */
import { Away, Problem } from "../screen/api";
import type { PhoneState } from "./shapes";

/** Beyond either the phone takes nothing more, and says so. */
export const ITEMS_MAX = 100;
export const BYTES_MAX = 20_000_000;

export type Deed = { kind: "acknowledge" } | { kind: "note"; text: string } | { kind: "photo"; text: string };

/** `sent`: shown until the server's next word is here. `late`, `taken`, `refused`: shown until somebody has read it. */
export type Fate =
  | { kind: "waiting" }
  | { kind: "sent"; unchanged: boolean }
  | { kind: "late" }
  | { kind: "taken"; by: string }
  | { kind: "refused"; status: number; detail: string };

export interface Item {
  /** The server takes the same key once. */
  key: string;
  /** Whose deed it is: sent in nobody else's name. */
  account: string;
  incident: number;
  title: string;
  /** When it was done, by the server's clock. */
  at: string;
  deed: Deed;
  /** A photo, until it was sent. */
  image: Blob | null;
  fate: Fate;
}

export const WAITING: Fate = { kind: "waiting" };

export const isWaiting = (item: Item): boolean => item.fate.kind === "waiting";

/** Nothing about it needs somebody's eye yet. */
export const underWay = ({ fate }: Item): boolean => fate.kind === "waiting" || fate.kind === "sent";

/** About what an item takes on the disk. */
const sizeOf = (item: Item): number => 500 + (item.image?.size ?? 0);

/** Which bound one more would break; null where there is room. */
export function full(items: readonly Item[], added: Item): "items" | "bytes" | null {
  if (items.length >= ITEMS_MAX) return "items";
  const bytes = items.reduce((sum, item) => sum + sizeOf(item), sizeOf(added));
  return bytes > BYTES_MAX ? "bytes" : null;
}

/** What came of one attempt. `failed`: this one, now; `away`: nobody answers, or not for a while. */
export type Outcome =
  | { kind: "arrived"; changed: boolean; over: boolean }
  | { kind: "refused"; status: number; detail: string }
  | { kind: "failed" }
  | { kind: "away" }
  | { kind: "stranger" };

/** Not ours is what cannot be read: a hotel's login page answers 200 to everything. Raises what no line can cause. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof Away || error instanceof DOMException || error instanceof SyntaxError) return { kind: "away" };
  if (!(error instanceof Problem)) throw error;
  if (error.status === 401) return { kind: "stranger" };
  if (error.status === 429) return { kind: "away" };
  if (error.status >= 500 || error.status === 408 || error.status === 425) return { kind: "failed" };
  return { kind: "refused", status: error.status, detail: error.detail };
}

/** One going through the queue. `held`: incidents of which something failed, so that nothing later overtakes it. */
export interface Round {
  held: ReadonlySet<number>;
  ended: "away" | "stranger" | null;
}

export const BEGINNING: Round = { held: new Set(), ended: null };

/** The oldest that waits. */
export function next(items: readonly Item[], account: string, round: Round): Item | null {
  if (round.ended) return null;
  const mine = (item: Item) => isWaiting(item) && item.account === account && !round.held.has(item.incident);
  return items.find(mine) ?? null;
}

export function after(round: Round, item: Item, outcome: Outcome): Round {
  if (outcome.kind === "away" || outcome.kind === "stranger") return { ...round, ended: outcome.kind };
  return outcome.kind === "failed" ? { ...round, held: new Set([...round.held, item.incident]) } : round;
}

/** What became of an item; a photo that has arrived is kept no longer. */
export function settled(item: Item, outcome: Outcome): Item {
  if (outcome.kind === "refused") return { ...item, fate: outcome };
  if (outcome.kind !== "arrived") return item;
  const late = item.deed.kind === "acknowledge" && outcome.over;
  return { ...item, image: null, fate: late ? { kind: "late" } : { kind: "sent", unchanged: !outcome.changed } };
}

/**
 * What is left of a sent item once the server's word is here, which tells it too: nothing, unless somebody else had
 * taken the incident first.
 */
export function told(item: Item, state: PhoneState): Item | null {
  if (item.deed.kind !== "acknowledge" || item.fate.kind !== "sent" || !item.fate.unchanged) return null;
  const by = state.incidents.find(({ id }) => id === item.incident)?.acknowledged_by;
  const { account, technician, name } = state.me;
  return by && ![account, technician, name].includes(by) ? { ...item, fate: { kind: "taken", by } } : null;
}

const PAUSE_SECONDS = 5;
const PAUSE_MAX_SECONDS = 300;

/** How long to leave the line alone; `chance` from 0 to 1, so that not all phones of a valley come back at once. */
export function pauseSeconds(failures: number, chance: number): number {
  return Math.min(PAUSE_MAX_SECONDS, PAUSE_SECONDS * 2 ** failures) * (0.5 + chance / 2);
}
