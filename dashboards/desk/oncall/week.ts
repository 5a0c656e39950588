/** Pure: shifts as the days of a week show them. What goes on over midnight stands in both days. */
import type { components } from "../../generated/api";
import { dayStart } from "../zone";

export type Shift = components["schemas"]["ShiftShape"];

export interface Piece {
  shift: Shift;
  /** Milliseconds, within the day. */
  from: number;
  to: number;
  /** Whether it began, and whether it ends, on another day. */
  begun: boolean;
  goesOn: boolean;
}

export interface Day {
  from: number;
  to: number;
  pieces: Piece[];
}

/** The seven days from `monday` on, which is a midnight in the zone. */
export function weekOf(shifts: readonly Shift[], monday: number, zone: string): Day[] {
  return Array.from({ length: 7 }, (_, index) => {
    const [from, to] = [dayStart(monday, zone, index), dayStart(monday, zone, index + 1)];
    return { from, to, pieces: shifts.flatMap((shift) => pieceOf(shift, from, to)) };
  });
}

function pieceOf(shift: Shift, from: number, to: number): Piece[] {
  const [since, until] = [Date.parse(shift.since), Date.parse(shift.until)];
  if (until <= from || since >= to) return [];
  return [
    {
      shift,
      from: Math.max(from, since),
      to: Math.min(to, until),
      begun: since < from,
      goesOn: until > to,
    },
  ];
}
