/** A sensor: what it says, how old that is, and how the day was. Hatched when its next but one report is due. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { City } from "../../screen/city";
import { tick } from "../../screen/clock";
import { ageOf } from "../../screen/freshness";
import type { About, Device } from "../../screen/shapes";
import { lookOf, StateShape } from "../../screen/shapes_of_states";

export interface Sensor {
  about: About;
  city: City;
  id: string;
  prefix: string;
}

export const shortName = ({ name }: Device, prefix: string): string => name.slice(prefix.length);

/** The device as it is now; the same object until it changes. */
export function useDevice({ city, id }: Sensor): ReadonlySignal<Device | undefined> {
  return useComputed(() => {
    void city.devicesRevision.value;
    return city.devices.get(id);
  });
}

interface Given {
  about: About;
  device: Device;
  /** Its name, without what all beside it are called too. */
  short: string;
  /** Whose age is the card's. */
  metric: string;
  level?: string;
  children: ComponentChildren;
}

export function Card({ about, device, short, metric, level = "normal", children }: Given) {
  const time = device.latest[metric]?.time;
  const at = time === undefined ? null : Date.parse(time);
  const cadence = about.kinds[device.kind]?.interval_seconds ?? 60;
  const age = useAge(at, cadence);
  const name = `reading-of-${device.id}`;
  return (
    <article class={`sensor ${level}${age.old ? " old" : ""}`} data-device={device.id} aria-labelledby={name}>
      <div class="sensor-head">
        <h3 id={name} title={device.name}>
          {device.state !== "up" && <StateShape look={lookOf(device)} />} {short}
        </h3>
        <small>{age.text}</small>
      </div>
      {children}
    </article>
  );
}

const useAge = (at: number | null, cadence: number) => ageOf(at, tick.value, cadence);
