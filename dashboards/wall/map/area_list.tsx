/** In the map's place: the areas, the worst first, each with what is not well in it. */
import { useComputed } from "@preact/signals";
import { type City, worstFirst } from "../../screen/city";
import type { Device } from "../../screen/shapes";
import { lookOf, StateShape } from "../../screen/shapes_of_states";
import { whole } from "../../screen/values";
import { wordOf } from "./legend";
import { type Counts, noCounts, present, rankOf } from "./looks";
import { say } from "./words";

/** Of each area so many are named; the rest is counted. */
const NAMED = 4;
/** A regency has a dozen or two; a list without areas must not grow for ever either. */
const AREAS_MAX = 40;

export interface AreaRow {
  name: string;
  counts: Counts;
  /** The worst of those that are not up, and how many more there are. */
  named: Device[];
  more: number;
}

/** Worst first; of equals as the city names them. What lies in none that the city names stands together. */
export function rowsOf(devices: Iterable<Device>, areas: readonly string[]): AreaRow[] {
  const known = new Set(areas);
  const by = new Map<string, Device[]>(areas.map((area) => [area, []]));
  for (const device of devices) {
    const area = known.has(device.area) ? device.area : "";
    by.set(area, [...(by.get(area) ?? []), device]);
  }
  const rows = [...by].map(([name, found]) => rowOf(name, found));
  return rows.sort((one, other) => severity(other) - severity(one)).slice(0, AREAS_MAX);
}

function rowOf(name: string, devices: Device[]): AreaRow {
  const counts = noCounts();
  for (const device of devices) counts[lookOf(device)] += 1;
  const troubled = devices.filter(({ state }) => state !== "up").sort(worstFirst);
  return { name, counts, named: troubled.slice(0, NAMED), more: Math.max(0, troubled.length - NAMED) };
}

function severity({ counts }: AreaRow): number {
  const [worst] = present(counts);
  return worst === undefined ? -1 : rankOf(worst) + counts[worst] / 1_000_000;
}

export function AreaList({ city, areas, why }: { city: City; areas: readonly string[]; why: string }) {
  const rows = useComputed(() => {
    void city.statesRevision.value;
    return rowsOf(city.devices.values(), areas);
  });
  return (
    <div class="area-list">
      <p class="area-list-why">{why}</p>
      <ul>
        {rows.value.map((row) => (
          <Area key={row.name} row={row} />
        ))}
      </ul>
    </div>
  );
}

function Area({ row: { name, counts, named, more } }: { row: AreaRow }) {
  return (
    <li>
      <h3>{name || say("elsewhere")}</h3>
      <p class="area-list-counts">
        {present(counts).map((look) => (
          <span key={look} title={wordOf(look)}>
            <StateShape look={look} /> {whole(counts[look])}
          </span>
        ))}
      </p>
      {named.length === 0 ? (
        <p class="area-list-well">{say("all_well")}</p>
      ) : (
        <ol>
          {named.map((device) => (
            <li key={device.id}>
              <StateShape look={lookOf(device)} /> {device.name}
            </li>
          ))}
          {more > 0 && (
            <li>
              + {whole(more)} {say("more")}
            </li>
          )}
        </ol>
      )}
    </li>
  );
}
