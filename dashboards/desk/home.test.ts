import { expect, it } from "vitest";
import type { Device, State } from "../screen/shapes";
import { found } from "./home";

const device = (id: string, state: State, area = "Lengkiti") =>
  ({
    id,
    name: id.toUpperCase(),
    kind: "camera",
    area,
    state,
    since: null,
    external_ids: { nvr: `n-${id}` },
  }) as unknown as Device;
const nothing = { q: "", kind: "", state: "", area: "" };

it("finds devices by every word, counts all and shows the worst", () => {
  const devices = [
    device("a-1", "up"),
    device("b-2", "down"),
    device("c-3", "degraded"),
    device("d-4", "down", "Ulu Ogan"),
  ];
  const ids = (wanted: Partial<typeof nothing>, most = 10) => {
    const { count, worst } = found(devices, { ...nothing, ...wanted }, most);
    return [count, ...worst.map(({ id }) => id)];
  };
  expect(ids({})).toEqual([4, "b-2", "d-4", "c-3", "a-1"]);
  expect(ids({}, 2)).toEqual([4, "b-2", "d-4"]);
  expect(ids({ q: "N-A 1" })).toEqual([1, "a-1"]);
  expect(ids({ state: "down", area: "Lengkiti" })).toEqual([1, "b-2"]);
  expect(ids({ kind: "water_level" })).toEqual([0]);
});
