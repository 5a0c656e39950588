/** Pure: from the API's points to what a chart draws. Times in seconds since the epoch; null is a gap. */
import type { components } from "../../generated/api";

export type Readings = components["schemas"]["Readings"];
export type Values = (number | null)[];

export interface Series {
  times: number[];
  middle: Values;
  /** Of each step's values; null where every point is one value. */
  lowest: Values | null;
  highest: Values | null;
}

interface Point {
  time: number;
  middle: number;
  lowest: number;
  highest: number;
}

export interface Live {
  /** Milliseconds. */
  time: number;
  value: number;
}

const TOTAL = /_total$/;

/** What only grows says something by how fast it does. */
export const isCounter = (metric: string): boolean => TOTAL.test(metric);

/** `interval` is how often the device reports, in seconds. What came live is newer than what was asked for. */
export function seriesOf(readings: Readings, live: readonly Live[], interval: number): Series {
  const known = readings.points.map(pointOf);
  const newest = known.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
  const later = live.filter(({ time }) => time / 1_000 > newest).map(({ time, value }) => livePoint(time, value));
  const points = [...known, ...later];
  const width = readings.bucket_seconds ?? 0;
  const longest = Math.max(2.5 * interval, 1.5 * width);
  return drawn(isCounter(readings.metric) ? rates(points, longest) : points, longest, width > 0);
}

function pointOf(point: Readings["points"][number]): Point {
  const time = Date.parse(point.time) / 1_000;
  if ("value" in point) return { time, middle: point.value, lowest: point.value, highest: point.value };
  return { time, middle: point.avg, lowest: point.min, highest: point.max };
}

const livePoint = (time: number, value: number): Point => ({
  time: time / 1_000,
  middle: value,
  lowest: value,
  highest: value,
});

/** Per second, from one point to the next. A counter that fell was begun anew, and over a gap nobody knows. */
function rates(points: readonly Point[], longest: number): Point[] {
  const made: Point[] = [];
  points.forEach((point, index) => {
    const before = points[index - 1];
    if (before === undefined || point.middle < before.middle || point.time - before.time > longest) return;
    const rate = (point.middle - before.middle) / (point.time - before.time);
    made.push({ time: point.time, middle: rate, lowest: rate, highest: rate });
  });
  return made;
}

/** How fast a counter grows as of its newest reading; null where that began anew, or came after a gap. */
export function presentRate(readings: Readings, live: readonly Live[], interval: number): number | null {
  const { times, middle } = seriesOf(readings, live, interval);
  const newest = Math.max(
    ...live.map(({ time }) => time / 1_000),
    ...readings.points.map((point) => pointOf(point).time),
  );
  return times.at(-1) === newest ? (middle.at(-1) ?? null) : null;
}

/** A gap stands wherever two points lie further apart than `longest`: no line is drawn over what nobody measured. */
function drawn(points: readonly Point[], longest: number, banded: boolean): Series {
  const series: Series = { times: [], middle: [], lowest: banded ? [] : null, highest: banded ? [] : null };
  const add = (time: number, point: Point | null) => {
    series.times.push(time);
    series.middle.push(point?.middle ?? null);
    series.lowest?.push(point?.lowest ?? null);
    series.highest?.push(point?.highest ?? null);
  };
  let before: Point | undefined;
  for (const point of points) {
    if (before && point.time - before.time > longest) add((before.time + point.time) / 2, null);
    add(point.time, point);
    before = point;
  }
  return series;
}

/** Where a value stands alone between two gaps, of which a line would show nothing. */
export function lonely(values: Values): number[] {
  return values.flatMap((value, index) =>
    value !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null ? [index] : [],
  );
}

export interface Extremes {
  lowest: number;
  average: number;
  highest: number;
}

export function extremes({ middle, lowest, highest }: Series): Extremes | null {
  const known = middle.filter((value) => value !== null);
  if (known.length === 0) return null;
  const least = (values: Values) => values.reduce<number>((a, b) => (b === null ? a : Math.min(a, b)), Infinity);
  const most = (values: Values) => values.reduce<number>((a, b) => (b === null ? a : Math.max(a, b)), -Infinity);
  return {
    lowest: least(lowest ?? middle),
    average: known.reduce((sum, value) => sum + value, 0) / known.length,
    highest: most(highest ?? middle),
  };
}
