/** Lines and outlines in degrees. A regency is small: a degree of longitude is shorter than one of latitude, no more. */
import type { MultiPolygon, Polygon, Position } from "geojson";

export type Bounds = [west: number, south: number, east: number, north: number];

const RADIANS = Math.PI / 180;
/** Places tried along each side of an outline, to find where its name fits best. */
const GRID = 24;

function distance(one: Position, other: Position): number {
  const [x1 = 0, y1 = 0] = one;
  const [x2 = 0, y2 = 0] = other;
  return Math.hypot((x2 - x1) * Math.cos(y1 * RADIANS), y2 - y1);
}

/** Halfway along a line; null for one without a point. */
export function middle(line: readonly Position[]): Position | null {
  const legs = line.slice(1).map((point, index) => distance(line[index] ?? point, point));
  let left = legs.reduce((sum, leg) => sum + leg, 0) / 2;
  for (const [index, leg] of legs.entries()) {
    const from = line[index];
    const to = line[index + 1];
    if (from && to && leg > 0 && left <= leg) return between(from, to, left / leg);
    left -= leg;
  }
  return line[0] ?? null;
}

function between(from: Position, to: Position, share: number): Position {
  return [0, 1].map((axis) => (from[axis] ?? 0) + share * ((to[axis] ?? 0) - (from[axis] ?? 0)));
}

/** Null where there is nothing. */
export function boundsOf(points: Iterable<Position>): Bounds | null {
  const found: Bounds = [180, 90, -180, -90];
  for (const [x = 0, y = 0] of points) {
    found[0] = Math.min(found[0], x);
    found[1] = Math.min(found[1], y);
    found[2] = Math.max(found[2], x);
    found[3] = Math.max(found[3], y);
  }
  return found[0] <= found[2] ? found : null;
}

/** Where a name stands: of a grid of places within the outline the one farthest from it. */
export function heart(shape: Polygon | MultiPolygon): Position {
  const rings = shape.type === "Polygon" ? shape.coordinates : shape.coordinates.flat();
  const [west, south, east, north] = boundsOf(rings.flat()) ?? [0, 0, 0, 0];
  let best: Position = [(west + east) / 2, (south + north) / 2];
  let room = 0;
  for (let column = 1; column < GRID; column += 1) {
    for (let row = 1; row < GRID; row += 1) {
      const place = [west + ((east - west) * column) / GRID, south + ((north - south) * row) / GRID];
      const found = inside(place, rings) ? Math.min(...rings.flat().map((corner) => distance(place, corner))) : 0;
      if (found > room) [best, room] = [place, found];
    }
  }
  return best;
}

/** Whether a ray to the east crosses the rings an odd number of times. */
function inside([x = 0, y = 0]: Position, rings: readonly Position[][]): boolean {
  let crossings = 0;
  for (const ring of rings) {
    for (const [index, [x2 = 0, y2 = 0]] of ring.entries()) {
      const [x1 = 0, y1 = 0] = ring[index - 1] ?? [x2, y2];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) crossings += 1;
    }
  }
  return crossings % 2 === 1;
}
