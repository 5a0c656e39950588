/** No pixel shows the same for months: the whole page wanders a little, and its light varies, too slowly to be seen. */

/** Rem to either side. */
export const FAR = 0.35;
const DIMMEST = 0.9;
// Minutes of a whole way; no multiples of each other, so that the way does not repeat for days.
const ACROSS_MINUTES = 47;
const DOWN_MINUTES = 31;
const LIGHT_MINUTES = 19;

export interface Drift {
  x: number;
  y: number;
  light: number;
}

export function driftAt(millis: number): Drift {
  const minutes = millis / 60_000;
  return {
    x: FAR * wave(minutes / ACROSS_MINUTES),
    y: FAR * wave(minutes / DOWN_MINUTES),
    light: 1 - (1 - DIMMEST) * (0.5 + 0.5 * wave(minutes / LIGHT_MINUTES)),
  };
}

const wave = (turns: number): number => Math.sin(2 * Math.PI * turns);
