/** A snapshot's devices told as columns (`?snapshot=columns`), a quarter as long on the wire, as the devices they are. */
import type { components } from "../generated/api";
import type { Device } from "./shapes";

export type Columns = components["schemas"]["DeviceColumns"];

export function devicesOf(columns: Columns): Device[] {
  const epoch = Date.parse(columns.epoch);
  const time = (after: number | null | undefined) => (after == null ? null : new Date(epoch + after).toISOString());
  const places = new Map<string, number>();
  return columns.id.map((id, row) => {
    const kind = columns.kind[row] as string;
    const place = places.get(kind) ?? 0;
    places.set(kind, place + 1);
    const lastSeen = columns.last_seen[row];
    return {
      id,
      kind,
      name: columns.name[row] as string,
      area: columns.area[row] as string,
      latitude: columns.latitude[row] ?? null,
      longitude: columns.longitude[row] ?? null,
      parents: columns.parents[row] as Device["parents"],
      external_ids: columns.external_ids[row] as Device["external_ids"],
      attributes: columns.attributes[row] as Device["attributes"],
      state: columns.state[row] as Device["state"],
      cause: columns.cause[row] ?? null,
      since: time(columns.since[row]),
      marks: columns.marks[row] as string[],
      reason: columns.reason[row] ?? null,
      last_seen: time(lastSeen),
      latest: latestOf(columns.latest[kind] ?? {}, place, (before) => time((lastSeen ?? 0) - before) as string),
    };
  });
}

/** Of the device at that place among those of its kind: every metric that it ever reported. */
function latestOf(
  metrics: Columns["latest"][string],
  place: number,
  time: (before: number) => string,
): Device["latest"] {
  const latest: Device["latest"] = {};
  for (const [metric, { value, before }] of Object.entries(metrics)) {
    const known = value[place];
    if (known != null) latest[metric] = { value: known, time: time(before[place] ?? 0) };
  }
  return latest;
}
