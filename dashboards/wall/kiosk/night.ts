/** Once a night the page begins anew, against whatever a browser gathers in months. */

export const HOUR = 4;
/** The screens of a room do not all go at the same moment. */
export const SPREAD_MS = 1_200_000;
/** A page that is younger has no need. */
const LEAST_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** How long until then; `second` of the city's day, `chance` from 0 to 1. */
export function untilNight(second: number, chance: number): number {
  const wait = (((HOUR * 3_600 - second) * 1_000 + DAY_MS) % DAY_MS) + chance * SPREAD_MS;
  return wait < LEAST_MS ? wait + DAY_MS : wait;
}
