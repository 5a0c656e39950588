/** Pure: a history of states as a ribbon: what stands where, from 0 to `width`. */
import type { components } from "../../generated/api";
import type { Bucket } from "./words";

export type Stretch = components["schemas"]["StateRow"];

export interface Piece {
  x: number;
  width: number;
  bucket: Bucket;
  degraded: boolean;
}

export interface Span {
  /** Milliseconds. */
  from: number;
  to: number;
}

export const DAY = 86_400_000;

/** As the API wants it. */
export const spanOf = ({ from, to }: Span) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });

/** What is not normal is never narrower than this: a night of one minute's outages is not a good night. */
export const LEAST = 2;

/** What no stretch covers was not seen. Pieces that are not normal lie later in the list, and so above the others. */
export function ribbon(stretches: readonly Stretch[], span: Span, width: number): Piece[] {
  const scale = width / (span.to - span.from);
  const pieces = [{ x: 0, width, bucket: "blind" as Bucket, degraded: false }];
  for (const stretch of stretches) {
    const [begins, ends] = within(stretch, span);
    if (ends <= begins) continue;
    pieces.push({
      x: (begins - span.from) * scale,
      width: (ends - begins) * scale,
      bucket: stretch.bucket,
      degraded: stretch.state === "degraded",
    });
  }
  const [first, ...rest] = pieces;
  return [first, ...rest.sort((one, other) => rank(one) - rank(other)).map((piece) => widened(piece, width))].filter(
    (piece) => piece !== undefined,
  );
}

/** Of a stretch what lies in the span, in milliseconds. */
export function within({ since, until }: Pick<Stretch, "since" | "until">, { from, to }: Span): [number, number] {
  return [Math.max(from, Date.parse(since)), Math.min(to, until === null ? to : Date.parse(until))];
}

const ORDER: readonly Bucket[] = ["up", "maintenance", "blind", "power", "upstream", "down"];
const rank = ({ bucket, degraded }: Piece): number => ORDER.indexOf(bucket) + (degraded ? 0.5 : 0);

function widened(piece: Piece, width: number): Piece {
  if (piece.width >= LEAST || (piece.bucket === "up" && !piece.degraded)) return piece;
  return { ...piece, x: Math.max(0, Math.min(piece.x, width - LEAST)), width: LEAST };
}

/** Where lines stand under the ribbon: the days that begin in the span, at most about `most` of them. */
export function dayMarks(span: Span, most: number, begin: (at: number, days: number) => number): number[] {
  const days = Math.ceil((span.to - span.from) / DAY);
  const step = Math.max(1, Math.ceil(days / most));
  const marks: number[] = [];
  for (let day = 1; day <= days; day += step) {
    const at = begin(span.from, day);
    if (at < span.to) marks.push(at);
  }
  return marks;
}
