/** A day of a metric of a device. What was asked once is kept up to date: scenes of the wall come and go. */
import { tick } from "../../screen/clock";
import { ageOf } from "../../screen/freshness";
import { type Remote, remote } from "../../screen/remote";
import type { Point } from "./trend";

/** Of five minutes one point: 288 a day, of which a new one comes every five minutes. */
export const BUCKET_SECONDS = 300;

export interface History {
  points: Point[];
}

const known = new Map<string, Remote<History>>();

export function history(device: string, metric: string): Remote<History> {
  const query = new URLSearchParams({ metric, step: "5m" });
  const path = `/api/v1/devices/${encodeURIComponent(device)}/readings?${query}`;
  const found = known.get(path) ?? remote<History>(() => path, BUCKET_SECONDS);
  known.set(path, found);
  return found;
}

/** None where the last answers did not come: a card is as old as its newest reading, and what lies behind it is not. */
export function pointsOf({
  value,
  at,
  everySeconds,
}: Pick<Remote<History>, "value" | "at" | "everySeconds">): readonly Point[] {
  return ageOf(at.value, tick.value, everySeconds).old ? [] : (value.value?.points ?? []);
}
