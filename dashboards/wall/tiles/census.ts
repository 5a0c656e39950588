/** The city in numbers: how many of each kind, when each kind was heard last, and who is worst. */
import { type Counts, countsByKind, worstFirst } from "../../screen/city";
import type { Device, State } from "../../screen/shapes";

export interface KindCount {
  kind: string;
  counts: Counts;
  worst: State;
}

/** In the order of the city's kinds; those it has no name for last. */
export function kindCounts(devices: Iterable<Device>, order: readonly string[]): KindCount[] {
  const place = (kind: string) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return [...countsByKind(devices)]
    .sort(([one], [other]) => place(one) - place(other) || one.localeCompare(other))
    .map(([kind, counts]) => ({ kind, counts, worst: worstOf(counts) }));
}

const BAD_FIRST = ["down", "unreachable", "degraded", "unknown"] as const;

export const worstOf = (counts: Counts): State => BAD_FIRST.find((state) => counts[state] > 0) ?? "up";

/** When the newest word of each kind came, in ms; null where none ever came. */
export function heardByKind(devices: Iterable<Device>): Map<string, number | null> {
  const newest = new Map<string, string | null>();
  for (const { kind, last_seen: seen } of devices) {
    const known = newest.get(kind);
    if (known === undefined || (seen !== null && (known === null || seen > known))) newest.set(kind, seen);
  }
  return new Map([...newest].map(([kind, seen]) => [kind, seen === null ? null : Date.parse(seen)]));
}

/** The worst few of many, without sorting them all. */
export function unwell(devices: Iterable<Device>, most: number): { worst: Device[]; count: number } {
  const worst: Device[] = [];
  let count = 0;
  for (const device of devices) {
    if (device.state === "up") continue;
    count += 1;
    const last = worst.at(-1);
    if (worst.length >= most && last && worstFirst(device, last) >= 0) continue;
    const at = worst.findIndex((known) => worstFirst(device, known) < 0);
    worst.splice(at < 0 ? worst.length : at, 0, device);
    if (worst.length > most) worst.pop();
  }
  return { worst, count };
}
