// @vitest-environment node
import { expect, it } from "vitest";
import { Unfit } from "../parts/sending";
import { adoptionOf, linesOf, parentsOf } from "./adoption";

it("reads what somebody typed of a new device", () => {
  const fields = new FormData();
  for (const [name, value] of Object.entries({ kind: "water_level", name: " Ogan ", latitude: "-4,12" })) {
    fields.set(name, value);
  }
  expect(adoptionOf(fields)).toEqual({
    kind: "water_level",
    name: "Ogan",
    area: "",
    latitude: -4.12,
    longitude: null,
    parents: [],
    external_ids: {},
    attributes: {},
  });
});

it("knows parents, groups of which one is enough, and names with their values", () => {
  expect(parentsOf("fp-001, hs-01 | hs-02,")).toEqual(["fp-001", ["hs-01", "hs-02"]]);
  expect(linesOf("deveui = 70B3D5\n\nmount=bridge=2")).toEqual({ deveui: "70B3D5", mount: "bridge=2" });
  expect(() => linesOf("deveui")).toThrow(Unfit);
});
