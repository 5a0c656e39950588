import { describe, expect, it } from "vitest";
import type { Device, Incident, State } from "../../screen/shapes";
import { forward, metresBetween, pageOf } from "./forward";

const placed = (id: string, metresNorth: number, more: Partial<Device> = {}): Device => ({
  id,
  kind: id.startsWith("cam") ? "camera" : "fibre_point",
  name: id,
  area: "Lengkiti",
  latitude: -4.3 + metresNorth / 111_320,
  longitude: 104.1,
  parents: [],
  external_ids: {},
  attributes: {},
  state: "up",
  cause: null,
  since: null,
  marks: [],
  reason: null,
  last_seen: null,
  latest: {},
  ...more,
});

const incident = (root: string, ...suppressed: string[]): Incident => ({
  id: 1,
  title: "",
  severity: "critical",
  state: "open",
  root,
  area: "Lengkiti",
  class: "fibre-cut",
  place: {},
  opened_at: "2026-01-01T00:00:00Z",
  resolved_at: null,
  alerts: [],
  affected: { count: 0, by_kind: {}, names: [] },
  suppressed: suppressed.map((device) => ({ device, rule: "r", cause: root, at: "2026-01-01T00:00:00Z", until: null })),
});

const town = (...devices: Device[]) => new Map(devices.map((device) => [device.id, device]));
const lost = (id: string, metres: number, state: State = "unreachable") => placed(id, metres, { state, cause: "fp-1" });

describe("the cameras that come forward", () => {
  it("are those that it concerns and those near it: who still sees first, then by nearness", () => {
    const devices = town(
      placed("fp-1", 0, { state: "down" }),
      lost("cam-1", 500),
      lost("cam-2", 9_000),
      placed("cam-3", 2_000),
      placed("cam-4", 300),
      placed("cam-5", 9_000),
    );
    expect(forward(incident("fp-1", "cam-2"), devices, 9)).toEqual(["cam-4", "cam-3", "cam-1", "cam-2"]);
    expect(forward(incident("fp-1"), devices, 2)).toEqual(["cam-4", "cam-3"]);
  });

  it("are those that a device names, however far, and the camera that failed itself", () => {
    const gauge = placed("wl-1", 0, { kind: "water_level", attributes: { cameras: "cam-5, cam-6" } });
    const devices = town(gauge, placed("cam-5", 9_000), placed("cam-6", 8_000), placed("cam-7", 7_000));
    expect(forward(incident("wl-1"), devices, 9)).toEqual(["cam-6", "cam-5"]);
    expect(forward(incident("cam-7"), devices, 9)).toContain("cam-7");
  });

  it("are only the nearest of a town full of them, and none of a place that nobody knows", () => {
    const many = Array.from({ length: 50 }, (_, metres) => placed(`cam-${metres}`, metres));
    expect(forward(incident("fp-1"), town(placed("fp-1", 0), ...many), 20)).toHaveLength(4);
    expect(forward(incident("gone"), town(...many), 20)).toEqual([]);
  });
});

it("measures as the crow flies", () => {
  expect(metresBetween(placed("a", 0), placed("b", 1_000))).toBeCloseTo(1_000, 0);
  expect(metresBetween(undefined, placed("b", 1_000))).toBe(Number.POSITIVE_INFINITY);
});

it("lets what does not fit take turns", () => {
  const five = [1, 2, 3, 4, 5];
  expect([0, 1, 2, 3].map((page) => pageOf(five, 2, page))).toEqual([[1, 2], [3, 4], [5], [1, 2]]);
  expect([pageOf([], 3, 5), pageOf(five, 0, 1)]).toEqual([[], []]);
});
