/** A day of readings as a line in a box of 100 by 30. Pure. */
import type { Reading } from "./trend";

export const WIDTH = 100;
export const HEIGHT = 30;
/** Where nothing was heard for so long the line is broken: nobody knows what was between. */
const GAP_MS = 20 * 60_000;
/** What varies by less is a level line, not a mountain range. */
const LEAST_SHARE = 0.1;

export interface Box {
  from: number;
  to: number;
  low: number;
  high: number;
}

/** Where the readings lie, with a little air; `least` is the smallest difference that fills the box. */
export function boxOf(given: readonly Reading[], to: number, spanMs: number, least: number): Box {
  const values = given.map(({ value }) => value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = Math.max((least - (high - low)) / 2, (high - low) * LEAST_SHARE);
  return { from: to - spanMs, to, low: low - air, high: high + air };
}

export const heightOf = (value: number, { low, high }: Box): number => HEIGHT * (1 - (value - low) / (high - low));

/** The attribute `d` of a path; empty where there is nothing within the box. */
export function curve(given: readonly Reading[], box: Box): string {
  let last = Number.NEGATIVE_INFINITY;
  return given
    .filter(({ at }) => at >= box.from && at <= box.to)
    .map((reading) => {
      const pen = reading.at - last > GAP_MS ? "M" : "L";
      last = reading.at;
      const x = (WIDTH * (reading.at - box.from)) / (box.to - box.from);
      return `${pen}${x.toFixed(2)} ${heightOf(reading.value, box).toFixed(2)}`;
    })
    .join("");
}
