import { describe, expect, it } from "vitest";
import { devicesOf } from "./columns";

/** Two fibre points around a gauge: columns of metrics are by kind. */
const columns = {
  epoch: "2026-11-21T14:02:14Z",
  id: ["fp-001", "wl-01", "fp-002"],
  kind: ["fibre_point", "water_level", "fibre_point"],
  name: ["A", "B", "C"],
  area: ["Lengkiti", "", "Lengkiti"],
  latitude: [-4.25, null, null],
  longitude: [103.75, null, null],
  parents: [[], ["fp-001"], ["fp-001"]],
  external_ids: [{}, {}, {}],
  attributes: [{}, { role: "pop" }, {}],
  state: ["up", "unknown", "down"] as const,
  cause: [null, null, "fp-001"],
  since: [-1_000, null, -4_000],
  marks: [[], [], ["flapping"]],
  reason: ["heard", null, "silent"] as const,
  last_seen: [-1_000, null, -60_000],
  latest: {
    fibre_point: {
      rtt_seconds: { value: [0.25, 0], before: [0, 250] },
      clients: { value: [null, 3], before: [null, 0] },
    },
    water_level: {},
  },
};

describe("columns", () => {
  const [first, gauge, last] = devicesOf(columns as never);

  it("are the devices that they tell, each with its own values", () => {
    expect(first).toMatchObject({ id: "fp-001", state: "up", latitude: -4.25, reason: "heard", parents: [] });
    expect(last).toMatchObject({ id: "fp-002", state: "down", cause: "fp-001", marks: ["flapping"] });
    expect(first?.latest).toEqual({ rtt_seconds: { value: 0.25, time: "2026-11-21T14:02:13.000Z" } });
    expect(last?.latest).toEqual({
      rtt_seconds: { value: 0, time: "2026-11-21T14:01:13.750Z" },
      clients: { value: 3, time: "2026-11-21T14:01:14.000Z" },
    });
  });

  it("say nothing of what never was", () => {
    expect(gauge).toMatchObject({ since: null, last_seen: null, latest: {}, attributes: { role: "pop" } });
  });
});
