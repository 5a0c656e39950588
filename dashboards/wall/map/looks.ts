/** How bad each look is, for features of the map: of a cluster the worst speaks. */
import { WORST_FIRST } from "../../screen/city";
import type { Look } from "../../screen/shapes_of_states";

/** Best first, so that a place in it is a rank: a cluster's is the highest of its members'. */
export const LOOKS: readonly Look[] = ["up", "blind", ...WORST_FIRST.filter((state) => state !== "up").reverse()];

export const rankOf = (look: Look): number => LOOKS.indexOf(look);

export type Counts = Record<Look, number>;

export const noCounts = (): Counts => ({ up: 0, blind: 0, unknown: 0, degraded: 0, unreachable: 0, down: 0 });

/** Worst first, without those of which there are none. */
export function present(counts: Counts): Look[] {
  return LOOKS.toReversed().filter((look) => counts[look] > 0);
}
