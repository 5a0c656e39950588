import { describe, expect, it } from "vitest";
import { City, countsByKind, worstFirst } from "./city";
import type { Device, Message, State } from "./shapes";

const device = (id: string, state: State = "up", since: string | null = null): Device => ({
  id,
  kind: "fibre_point",
  name: id.toUpperCase(),
  area: "Lengkiti",
  latitude: null,
  longitude: null,
  parents: [],
  external_ids: {},
  attributes: {},
  state,
  cause: null,
  since,
  marks: [],
  reason: null,
  last_seen: null,
  latest: {},
});

const told = (type: string, data: unknown): Message =>
  ({ id: "p-1", type, at: "2026-01-01T00:00:00Z", data }) as Message;
const snapshot = (...devices: Device[]) => told("snapshot", { devices, alerts: [], incidents: [] });

describe("the city", () => {
  it("begins anew with each snapshot: what is not in it is gone", () => {
    const city = new City();
    city.take(snapshot(device("a"), device("b")));
    city.take(snapshot(device("b")));
    expect([...city.devices.keys()]).toEqual(["b"]);
  });

  it("says once what changed, however much came", () => {
    const city = new City();
    city.take(snapshot(device("a"), device("b")));
    city.publish();
    const heard: (ReadonlySet<string> | null)[] = [];
    city.listen((touched) => heard.push(touched));
    for (const value of [1, 2, 3]) {
      city.take(told("reading", { device: "a", last_seen: null, latest: { m: { value, time: "" } } }));
    }
    city.publish();
    city.publish();
    expect(heard).toEqual([new Set(["a"])]);
    expect(city.devices.get("a")?.latest.m?.value).toBe(3);
  });

  it("tells a change of state from a reading, and hears nothing of a device it does not know", () => {
    const city = new City();
    city.take(snapshot(device("a")));
    city.publish();
    const before = city.statesRevision.value;
    city.take(told("reading", { device: "a", last_seen: null, latest: {} }));
    city.take(told("reading", { device: "stranger", last_seen: null, latest: {} }));
    city.publish();
    expect(city.statesRevision.value).toBe(before);
    city.take(told("device", device("a", "down")));
    city.publish();
    expect(city.statesRevision.value).toBe(before + 1);
    city.take(told("device", { id: "a", removed: true }));
    expect(city.devices.size).toBe(0);
  });

  it("keeps incidents and alerts only while they are open", () => {
    const city = new City();
    city.take(told("incident", { id: 7, state: "open" }));
    city.take(told("alert", { id: 1, state: "firing" }));
    expect([city.incidents.size, city.alerts.size]).toEqual([1, 1]);
    city.take(told("incident", { id: 7, state: "resolved" }));
    city.take(told("alert", { id: 1, state: "resolved" }));
    expect([city.incidents.size, city.alerts.size]).toEqual([0, 0]);
  });
});

it("counts states by kind, and puts the worst first, of equals the newest", () => {
  const devices = [
    device("a"),
    device("b", "down", "2026-01-01"),
    device("c", "down", "2026-01-02"),
    device("d", "unknown"),
  ];
  expect(countsByKind(devices).get("fibre_point")).toMatchObject({ total: 4, up: 1, down: 2, unknown: 1, degraded: 0 });
  expect(devices.sort(worstFirst).map(({ id }) => id)).toEqual(["c", "b", "d", "a"]);
});
