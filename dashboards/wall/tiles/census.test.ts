import { expect, it } from "vitest";
import type { Device, State } from "../../screen/shapes";
import { heardByKind, kindCounts, unwell } from "./census";

const device = (id: string, kind: string, state: State, last_seen: string | null = null, since = "2026-01-01") =>
  ({ id, kind, state, last_seen, since }) as Device;

it("counts kinds in the city's order, and names the worst state of each", () => {
  const given = [device("z", "new", "up"), device("a", "camera", "degraded"), device("b", "fibre_point", "down")];
  expect(kindCounts(given, ["fibre_point", "camera"]).map(({ kind, worst }) => [kind, worst])).toEqual([
    ["fibre_point", "down"],
    ["camera", "degraded"],
    ["new", "up"],
  ]);
});

it("knows when a kind was heard last, and that another never was", () => {
  const given = [
    device("a", "camera", "up", "2026-01-01T00:00:02Z"),
    device("b", "camera", "up", "2026-01-01T00:00:01Z"),
    device("c", "camera", "up"),
    device("d", "power", "up"),
  ];
  expect([...heardByKind(given)]).toEqual([
    ["camera", Date.parse("2026-01-01T00:00:02Z")],
    ["power", null],
  ]);
});

it("finds the worst few among many, and says how many there are", () => {
  const states: State[] = ["up", "unknown", "down", "degraded", "unreachable"];
  const given = Array.from({ length: 1_000 }, (_, n) => device(`d${n}`, "camera", states[n % 5] ?? "up"));
  given.push(device("newest", "camera", "down", null, "2026-01-02"));
  const { worst, count } = unwell(given, 3);
  expect([worst.map(({ id }) => id), count]).toEqual([["newest", "d102", "d107"], 801]);
});
