/** The river, the air and the weather, each gauge with its own age. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import "./environment.css";
import type { City } from "../../screen/city";
import { remote } from "../../screen/remote";
import type { About, Device } from "../../screen/shapes";
import { whole } from "../../screen/values";
import { prefixOf } from "../prefix";
import { Air, PM25 } from "./air";
import type { Rule } from "./limits";
import { LEVEL, River } from "./river";
import { Weather } from "./weather";
import { say } from "./words";

const RULES_SECONDS = 300;
const WEATHER_KINDS = ["weather"];
/** On a wall nothing scrolls: so many of each stand side by side. */
const SHOWN = 12;
/** More in a row cannot be read from six metres. */
const ROW = 7;

export function Environment({ about, city }: { about: About; city: City }) {
  const rules = useMemo(() => remote<{ items: Rule[] }>(() => "/api/v1/rules", RULES_SECONDS), []);
  useEffect(() => () => rules.stop(), [rules]);
  const known = rules.value.value?.items ?? [];
  const rivers = useOf(city, about.wall.river_kinds, LEVEL).value;
  const airs = useOf(city, about.wall.air_kinds, PM25).value;
  const weathers = useOf(city, WEATHER_KINDS, null).value;
  if ([rivers, airs, weathers].every(({ ids }) => ids.length === 0))
    return <p class="environment-none">{say("nothing")}</p>;
  return (
    <div class="environment-view">
      <Group title={say("rivers")} of={rivers}>
        {(id, prefix) => <River key={id} about={about} city={city} id={id} prefix={prefix} rules={known} />}
      </Group>
      <Group title={say("air")} of={airs}>
        {(id, prefix) => <Air key={id} about={about} city={city} id={id} prefix={prefix} />}
      </Group>
      <Group title={say("weather")} of={weathers}>
        {(id, prefix) => <Weather key={id} about={about} city={city} id={id} prefix={prefix} />}
      </Group>
    </div>
  );
}

/** Anew when a state changed, and not with every reading: a wall on which cards change places is not read. */
function useOf(city: City, kinds: readonly string[], metric: string | null): ReadonlySignal<Chosen> {
  return useComputed(() => {
    void city.statesRevision.value;
    return chosen(city.devices.values(), kinds, metric);
  });
}

export interface Chosen {
  ids: string[];
  /** What the names of all of them begin with. */
  prefix: string;
  /** How many found no room. */
  more: number;
}

/** In the order of their ids; where there are too many, those with the highest values. */
export function chosen(devices: Iterable<Device>, kinds: readonly string[], metric: string | null): Chosen {
  const found = [...devices].filter(({ kind }) => kinds.includes(kind));
  const value = (device: Device) => (metric === null ? 0 : (device.latest[metric]?.value ?? Number.NEGATIVE_INFINITY));
  const highest = found.sort((one, other) => compare(value(other), value(one)) || one.id.localeCompare(other.id));
  const shown = highest.slice(0, SHOWN).sort((one, other) => one.id.localeCompare(other.id));
  const prefix = prefixOf(shown.map(({ name }) => name));
  return { ids: shown.map(({ id }) => id), prefix, more: found.length - shown.length };
}

/** Infinities too, whose difference is no number. */
const compare = (one: number, other: number): number => (one < other ? -1 : Number(one > other));

interface GroupGiven {
  title: string;
  of: Chosen;
  children: (id: string, prefix: string) => ComponentChildren;
}

function Group({ title, of: { ids, prefix, more }, children }: GroupGiven) {
  if (ids.length === 0) return null;
  const called = prefix.replace(/[\s,]+$/, "");
  const beside = called.toLowerCase() === title.toLowerCase() ? "" : called;
  return (
    <section class="environment-group">
      <h2>
        {title} {beside && <small>{beside}</small>}
      </h2>
      <div class="environment-cards" style={{ "--columns": Math.ceil(ids.length / Math.ceil(ids.length / ROW)) }}>
        {ids.map((id) => children(id, prefix))}
      </div>
      {more > 0 && (
        <p>
          + {whole(more)} {say("more")}
        </p>
      )}
    </section>
  );
}
