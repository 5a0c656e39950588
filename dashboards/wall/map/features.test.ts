import { describe, expect, it } from "vitest";
import { City } from "../../screen/city";
import type { Device, Incident, Message } from "../../screen/shapes";
import { rowsOf } from "./area_list";
import { Drawn } from "./drawn";
import { areaNames, breakMarks, cableFeature, deviceFeature, extentOf } from "./features";

const device = (id: string, more: Partial<Device> = {}): Device => ({
  id,
  kind: "fibre_point",
  name: id.toUpperCase(),
  area: "Lengkiti",
  latitude: -4.3,
  longitude: 104.1,
  parents: [],
  external_ids: {},
  attributes: {},
  state: "up",
  cause: null,
  since: null,
  marks: [],
  reason: "heard",
  last_seen: null,
  latest: {},
  ...more,
});
const NONE: ReadonlySet<string> = new Set();

describe("features of devices", () => {
  it("carry look and rank, blind apart from unknown, and leave out who has no place", () => {
    expect(deviceFeature(device("a", { state: "down" }), NONE)).toMatchObject({
      id: "a",
      geometry: { coordinates: [104.1, -4.3] },
      properties: { look: "down", rank: 5, below: false },
    });
    expect(deviceFeature(device("a", { state: "unknown", reason: "blind" }), NONE)?.properties?.look).toBe("blind");
    expect(deviceFeature(device("a", { latitude: null, longitude: null }), NONE)).toBeNull();
  });

  it("stand back when what they hang on has an incident of its own", () => {
    const hanging = device("b", { state: "unreachable", cause: "a" });
    expect(deviceFeature(hanging, new Set(["a"]))?.properties?.below).toBe(true);
    expect(deviceFeature(hanging, NONE)?.properties?.below).toBe(false);
  });
});

describe("what was drawn", () => {
  const known = new Map([
    ["a", device("a")],
    ["b", device("b")],
  ]);
  const feature = (id: string) => {
    const found = known.get(id);
    return found ? deviceFeature(found, NONE) : null;
  };
  const ids = (changes: { add: { id?: string | number | undefined }[]; remove: string[] } | null) =>
    changes && { add: changes.add.map(({ id }) => id), remove: changes.remove };

  it("is told only as far as it changed", () => {
    const drawn = new Drawn();
    expect(ids(drawn.changes(["a", "b", "c"], feature))).toEqual({ add: ["a", "b"], remove: [] });
    known.set("a", device("a", { last_seen: "2026-01-01T00:00:00Z", latest: { m: { value: 1, time: "" } } }));
    expect(drawn.changes(["a", "b"], feature)).toBeNull();
    known.set("a", device("a", { state: "down" }));
    known.delete("b");
    expect(ids(drawn.changes(["a", "b"], feature))).toEqual({ add: ["a"], remove: ["b"] });
    drawn.forget();
    expect(ids(drawn.changes(["a", "b"], feature))).toEqual({ add: ["a"], remove: [] });
  });
});

it("colours a cable by both its ends", () => {
  const geometry = { type: "LineString" as const, coordinates: [] };
  const cable = { geometry, properties: { from: "a", to: "b", route: "b", length_m: 5 } };
  expect(cableFeature(cable, (id) => (id === "a" ? "up" : "down"))).toMatchObject({
    id: "a>b",
    properties: { light: "dark" },
  });
});

it("marks a break once, however many incidents come of it", () => {
  const torn = { below: "b", above: ["a"], metres: null, lines: [], middle: [1, 2] };
  const marks = breakMarks(
    [
      { incident: 1, ...torn },
      { incident: 2, ...torn },
    ],
    ({ below }) => below,
  );
  expect(marks.features).toMatchObject([{ geometry: { coordinates: [1, 2] }, properties: { label: "b" } }]);
});

it("names areas, and not the regency around them", () => {
  const geometry = {
    type: "Polygon" as const,
    coordinates: [
      [
        [0, 0],
        [2, 0],
        [2, 2],
        [0, 2],
        [0, 0],
      ],
    ],
  };
  const shape = (level: "regency" | "area", name: string) => ({
    type: "Feature" as const,
    properties: { level, name },
    geometry,
  });
  const names = areaNames({
    type: "FeatureCollection",
    features: [shape("regency", "OKU"), shape("area", "Lengkiti")],
  });
  expect(names.features).toMatchObject([{ properties: { name: "Lengkiti" }, geometry: { coordinates: [1, 1] } }]);
});

it("shows of an incident its root, its break and all that it cut off", () => {
  const city = new City();
  const devices = [
    device("root", { state: "down", longitude: 104, latitude: -4 }),
    device("far", { state: "unreachable", cause: "root", longitude: 105, latitude: -5 }),
    device("other", { longitude: 110 }),
  ];
  city.take({ type: "snapshot", data: { devices, alerts: [], incidents: [] } } as unknown as Message);
  const incident = { id: 1, root: "root", place: {} } as unknown as Incident;
  expect(extentOf(incident, undefined, city)).toEqual([
    [104, -4],
    [105, -5],
  ]);
});

describe("the list in the map's place", () => {
  it("puts the worst area first, names the worst in it, and counts the rest", () => {
    const many = Array.from({ length: 6 }, (_, number) => device(`d${number}`, { state: "degraded" }));
    const rows = rowsOf(
      [device("a", { area: "Ulu Ogan", state: "down" }), ...many, device("b")],
      ["Lengkiti", "Muara Jaya", "Ulu Ogan"],
    );
    expect(rows.map(({ name }) => name)).toEqual(["Ulu Ogan", "Lengkiti", "Muara Jaya"]);
    expect(rows[1]).toMatchObject({ counts: { degraded: 6, up: 1 }, more: 2 });
    expect(rows[1]?.named).toHaveLength(4);
  });

  it("keeps together what lies in no area that the city names", () => {
    expect(rowsOf([device("a", { area: "Atlantis" })], ["Lengkiti"]).map(({ name }) => name)).toEqual(["", "Lengkiti"]);
  });
});
