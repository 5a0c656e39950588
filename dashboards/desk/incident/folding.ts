/** Pure: one line for what was held back in a row; a cut that takes a hundred devices with it says so a hundred times. */
import type { Happening } from "../shapes";

export function folded(items: readonly Happening[]): Happening[][] {
  const groups: Happening[][] = [];
  for (const one of items) {
    const last = groups.at(-1);
    if (one.kind === "suppressed" && last?.[0]?.kind === "suppressed") last.push(one);
    else groups.push([one]);
  }
  return groups;
}
