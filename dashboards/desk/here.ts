/** Where the page is: the city as it is now, what the server said of it, and who sits in front. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { City } from "../screen/city";
import type { About, Device, Kind, Role } from "../screen/shapes";

export const city = new City();

const told = signal<About | null>(null);

export function learn(about: About): void {
  told.value = about;
}

export function about(): About {
  if (told.value === null) throw new Error("nothing is drawn before the city has answered");
  return told.value;
}

const RANKS: readonly Role[] = ["wall", "technician", "operator", "admin"];

/** Whether the page offers it. Whether it may be done is the server's to say. */
export const may = (least: Role): boolean => RANKS.indexOf(about().visitor.role) >= RANKS.indexOf(least);

const NONE: Kind = { name: "", interval_seconds: 60, metrics: {} };

/** A kind that the server does not know (any more) is shown by its bare name. */
export const kindOf = (kind: string): Kind => about().kinds[kind] ?? { ...NONE, name: kind };

const looked = new Map<string, ReadonlySignal<Device | undefined>>();

/** A device as the stream has it now; who reads it is drawn anew when this device changes, and not for another. */
export function deviceNow(id: string): Device | undefined {
  const known =
    looked.get(id) ??
    computed(() => {
      void city.devicesRevision.value;
      return city.devices.get(id);
    });
  looked.set(id, known);
  return known.value;
}

/** For links: its name, or its id where it is not (any more) in the registry. */
export const nameOf = (id: string): string => city.devices.get(id)?.name ?? id;

/** Changes when the state of this device does, and not when another's does. */
export function changesOf(id: string): ReadonlySignal<string> {
  return computed(() => {
    void city.statesRevision.value;
    const device = city.devices.get(id);
    return device ? [device.state, device.since, device.cause, device.marks].join(" ") : "";
  });
}

/** Changes when this incident does, or what is said of one of its alerts. */
export function incidentChanges(id: number): ReadonlySignal<string> {
  return computed(() => {
    void city.incidentsRevision.value;
    void city.alertsRevision.value;
    const incident = city.incidents.get(id);
    if (!incident) return "";
    const alerts = incident.alerts
      .map((one) => city.alerts.get(one))
      .map((one) => `${one?.state} ${one?.acknowledged_by}`);
    return [incident.severity, incident.title, incident.suppressed.length, ...alerts].join(" ");
  });
}
