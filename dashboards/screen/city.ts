/** The city as the live stream tells it: a snapshot, then what changes. No network, no clock. */
import { signal } from "@preact/signals";
import { devicesOf } from "./columns";
import type { Alert, Device, Incident, Message, State, Vocabulary } from "./shapes";

export type Counts = Record<State | "total", number>;

/**
 * Devices, open alerts and open incidents by id. The maps are changed in place, for there may be 22,700 devices and a
 * thousand changes a second; who draws them reads a revision, which `publish` raises once for all changes before it.
 */
export class City {
  readonly devices = new Map<string, Device>();
  readonly alerts = new Map<number, Alert>();
  readonly incidents = new Map<number, Incident>();

  readonly devicesRevision = signal(0);
  /** Raised only when a device's state, or the list itself, changed: readings come far oftener. */
  readonly statesRevision = signal(0);
  readonly alertsRevision = signal(0);
  readonly incidentsRevision = signal(0);

  /** What changed since the last `publish`: ids of devices, or null for all of them. */
  private touched: Set<string> | null = new Set();
  private stale = { devices: false, states: false, alerts: false, incidents: false };
  private readonly listeners = new Set<(touched: ReadonlySet<string> | null) => void>();

  take(message: Message): void {
    switch (message.type) {
      case "snapshot":
        this.begin(message.data);
        return;
      case "device":
        this.device(message.data);
        return;
      case "reading":
        this.reading(message.data);
        return;
      case "alert":
        keep(this.alerts, message.data, message.data.state !== "resolved");
        this.stale.alerts = true;
        return;
      case "incident":
        keep(this.incidents, message.data, message.data.state === "open");
        this.stale.incidents = true;
        return;
      case "heartbeat":
        return;
    }
  }

  /** Let everybody draw what came since the last time. */
  publish(): void {
    const { stale, touched } = this;
    this.stale = { devices: false, states: false, alerts: false, incidents: false };
    this.touched = new Set();
    if (stale.devices) this.devicesRevision.value += 1;
    if (stale.states) this.statesRevision.value += 1;
    if (stale.alerts) this.alertsRevision.value += 1;
    if (stale.incidents) this.incidentsRevision.value += 1;
    if (stale.devices) for (const listener of this.listeners) listener(touched);
  }

  /** Hear at every `publish` which devices changed (null: all); returns how to stop. */
  listen(listener: (touched: ReadonlySet<string> | null) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private begin(data: Vocabulary["snapshot"]): void {
    fill(this.devices, "columns" in data ? devicesOf(data.columns) : data.devices);
    fill(this.alerts, data.alerts);
    fill(this.incidents, data.incidents);
    this.touched = null;
    this.stale = { devices: true, states: true, alerts: true, incidents: true };
  }

  private device(data: Device | { id: string; removed: true }): void {
    if ("removed" in data) this.devices.delete(data.id);
    else this.devices.set(data.id, data);
    this.touched?.add(data.id);
    this.stale.devices = this.stale.states = true;
  }

  /** Another state is a message of its own; a reading says only what was measured, and when the device was heard. */
  private reading(data: { device: string; last_seen: string | null; latest: Device["latest"] }): void {
    const known = this.devices.get(data.device);
    if (!known) return;
    this.devices.set(known.id, { ...known, last_seen: data.last_seen, latest: { ...known.latest, ...data.latest } });
    this.touched?.add(known.id);
    this.stale.devices = true;
  }
}

function keep<Item extends { id: number }>(items: Map<number, Item>, item: Item, open: boolean): void {
  if (open) items.set(item.id, item);
  else items.delete(item.id);
}

function fill<Id, Item extends { id: Id }>(items: Map<Id, Item>, given: Item[]): void {
  items.clear();
  for (const item of given) items.set(item.id, item);
}

export function countsByKind(devices: Iterable<Pick<Device, "kind" | "state">>): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const { kind, state } of devices) {
    const count = counts.get(kind) ?? { total: 0, up: 0, degraded: 0, down: 0, unreachable: 0, unknown: 0 };
    count.total += 1;
    count[state] += 1;
    counts.set(kind, count);
  }
  return counts;
}

/** Worst first; of equals the newest. */
export const WORST_FIRST: readonly State[] = ["down", "unreachable", "degraded", "unknown", "up"];

export function worstFirst(one: Device, other: Device): number {
  const rank = WORST_FIRST.indexOf(one.state) - WORST_FIRST.indexOf(other.state);
  return rank || (other.since ?? "").localeCompare(one.since ?? "") || one.id.localeCompare(other.id);
}
