/** The first page: what is open, and every device by what one knows of it. */
import { useMemo, useState } from "preact/hooks";
import { WORST_FIRST, worstFirst } from "../screen/city";
import { begun } from "../screen/link";
import type { Device, State } from "../screen/shapes";
import { whole } from "../screen/values";
import { say as saying } from "../screen/words";
import { about, city, kindOf } from "./here";
import { IncidentRows } from "./incident/rows";
import { Columns } from "./parts/columns";
import { Heading } from "./parts/heading";
import { Marks, StateMark } from "./parts/state";
import { Ago } from "./parts/time";
import { place, refine, toDevice } from "./router";
import { say } from "./words";

const SHOWN = 50;

export interface Wanted {
  q: string;
  kind: string;
  state: string;
  area: string;
}

export interface Found {
  count: number;
  /** At most so many as are shown, the worst first. */
  worst: Device[];
}

/** Every word of `q` must stand in its id, its name or what others call it. */
export function found(devices: Iterable<Device>, { q, kind, state, area }: Wanted, most: number): Found {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (device: Device) => {
    if ((kind && device.kind !== kind) || (state && device.state !== state) || (area && device.area !== area))
      return false;
    if (words.length === 0) return true;
    const told = `${device.id} ${device.name} ${Object.values(device.external_ids).join(" ")}`.toLowerCase();
    return words.every((word) => told.includes(word));
  };
  let count = 0;
  const worst: Device[] = [];
  for (const device of devices) {
    if (!fits(device)) continue;
    count += 1;
    keep(worst, device, most);
  }
  return { count, worst };
}

/** In its place among the worst, if it is one of them: sorting all of 22,700 at every change would take the page's time. */
function keep(worst: Device[], device: Device, most: number): void {
  const last = worst[most - 1];
  if (last && worstFirst(last, device) <= 0) return;
  const place = worst.findIndex((known) => worstFirst(known, device) > 0);
  worst.splice(place < 0 ? worst.length : place, 0, device);
  if (worst.length > most) worst.pop();
}

export default function Home() {
  void city.incidentsRevision.value;
  const open = [...city.incidents.values()].sort((one, other) => other.opened_at.localeCompare(one.opened_at));
  return (
    <>
      <Heading title={say("desk")} />
      <section aria-labelledby="open">
        <h2 id="open">
          {say("incidents")} ({open.length})
        </h2>
        {begun.value ? <IncidentRows incidents={open} /> : <p class="dim">{saying("connecting")}</p>}
      </section>
      <Search />
    </>
  );
}

function Search() {
  const query = place.value.query;
  const [wanted, want] = useState<Wanted>(() => ({
    q: query.get("q") ?? "",
    kind: query.get("kind") ?? "",
    state: query.get("state") ?? "",
    area: query.get("area") ?? "",
  }));
  const revision = city.statesRevision.value;
  const { count, worst } = useMemo(() => found(city.devices.values(), wanted, SHOWN), [wanted, revision]);
  const ask = (part: Partial<Wanted>) => {
    const next = { ...wanted, ...part };
    want(next);
    refine({ ...next });
  };
  return (
    <section aria-labelledby="devices">
      <h2 id="devices">{say("devices")}</h2>
      <search class="filters">
        <label class="field wide">
          <span>{say("search")}</span>
          <input type="search" value={wanted.q} onInput={(event) => ask({ q: event.currentTarget.value })} />
        </label>
        <Choice label={say("kind")} value={wanted.kind} options={kinds()} choose={(kind) => ask({ kind })} />
        <Choice label={say("state")} value={wanted.state} options={states()} choose={(state) => ask({ state })} />
        <Choice label={say("area")} value={wanted.area} options={areas()} choose={(area) => ask({ area })} />
      </search>
      <p role="status">
        {whole(count)} {say("devices").toLowerCase()}
        {count > SHOWN && ` · ${say("worst_shown")} ${whole(SHOWN)}`}
      </p>
      <DeviceRows devices={worst} />
    </section>
  );
}

const kinds = () => {
  const there = new Set([...city.devices.values()].map(({ kind }) => kind));
  return [...there].map((kind): [string, string] => [kind, kindOf(kind).name]).sort(byWord);
};
const byWord = (one: [string, string], other: [string, string]) => one[1].localeCompare(other[1]);
const states = () => WORST_FIRST.map((state: State): [string, string] => [state, saying(state)]);
const areas = () => about().areas.map((area): [string, string] => [area, area]);

export function Choice(given: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  choose: (value: string) => void;
}) {
  return (
    <label class="field">
      <span>{given.label}</span>
      <select value={given.value} onChange={(event) => given.choose(event.currentTarget.value)}>
        <option value="">{say("all")}</option>
        {given.options.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

function DeviceRows({ devices }: { devices: readonly Device[] }) {
  return (
    <table class="rows">
      <Columns of={[say("state"), say("device"), say("kind"), say("area"), say("since")]} />
      <tbody>
        {devices.map((device) => (
          <tr key={device.id}>
            <td>
              <StateMark state={device.state} reason={device.reason} /> <Marks marks={device.marks} />
            </td>
            <td>
              <a href={toDevice(device.id)}>{device.name}</a> <small class="dim id">{device.id}</small>
            </td>
            <td data-label={say("kind")}>{kindOf(device.kind).name}</td>
            <td data-label={say("area")}>{device.area}</td>
            <td data-label={say("since")}>
              <Ago at={device.since} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
