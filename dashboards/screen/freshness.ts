/** How old something is, and whether that is older than it should be: the wall never shows old data as if it were now. */
import { duration } from "./values";
import { say } from "./words";

/** A value is old when its next but one is due. */
export const CADENCES = 2;

export interface Age {
  /** Milliseconds; null where there never was any. */
  millis: number | null;
  /** Hatched: older than its own cadence, or never there. */
  old: boolean;
  text: string;
}

/** `at` and `now` in milliseconds since the epoch, `cadenceSeconds` as the kind or the poll says. */
export function ageOf(at: number | null, now: number, cadenceSeconds: number): Age {
  if (at === null || Number.isNaN(at)) return { millis: null, old: true, text: say("never") };
  const millis = Math.max(0, now - at);
  return { millis, old: millis > CADENCES * cadenceSeconds * 1_000, text: duration(millis) };
}

/** Of several things on one tile the oldest speaks: nothing beside it may look newer than it is. */
export function oldest(times: Iterable<string | null>): number | null {
  let found: number | null = null;
  for (const time of times) {
    if (time === null) return null;
    const millis = Date.parse(time);
    found = found === null ? millis : Math.min(found, millis);
  }
  return found;
}
