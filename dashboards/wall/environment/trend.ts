/** What a series of readings tells: how fast it changes, and what it was on average. Pure. */

/** As /readings answers a step of five minutes: `time` is the start of a bucket. */
export interface Point {
  time: string;
  avg: number;
  count: number;
}

export interface Reading {
  /** Milliseconds since the epoch. */
  at: number;
  value: number;
}

const HOUR_MS = 3_600_000;
/** Of less than this a slope would be noise. */
const LEAST_MS = 10 * 60_000;
const LEAST_READINGS = 3;

/** A bucket's mean stands for its middle. */
export function readings(points: readonly Point[], bucketSeconds: number): Reading[] {
  return points.map(({ time, avg }) => ({ at: Date.parse(time) + bucketSeconds * 500, value: avg }));
}

/** Change per hour over the last hour of what is there, by least squares; null where that is too little to tell. */
export function perHour(given: readonly Reading[]): number | null {
  const newest = given.at(-1);
  if (newest === undefined) return null;
  const last = given.filter(({ at }) => at > newest.at - HOUR_MS);
  const span = newest.at - (last[0]?.at ?? newest.at);
  if (last.length < LEAST_READINGS || span < LEAST_MS) return null;
  const meanAt = mean(last.map(({ at }) => at));
  const meanValue = mean(last.map(({ value }) => value));
  const along = last.reduce((sum, { at, value }) => sum + (at - meanAt) * (value - meanValue), 0);
  const across = last.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0);
  return (along / across) * HOUR_MS;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export interface Mean {
  value: number;
  /** How much of the time there were readings, by buckets that have any. */
  hours: number;
}

/** The mean of the buckets, each as much as the other: an hour with fewer reports is no shorter. */
export function meanOf(points: readonly Point[], bucketSeconds: number): Mean | null {
  if (points.length === 0) return null;
  return { value: mean(points.map(({ avg }) => avg)), hours: (points.length * bucketSeconds) / 3_600 };
}
