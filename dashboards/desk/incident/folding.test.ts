// @vitest-environment node
import { expect, it } from "vitest";
import type { Happening } from "../shapes";
import { folded } from "./folding";
import { nearest } from "./near";

const happening = (kind: Happening["kind"]): Happening => ({
  at: "2026-11-27T00:00:00Z",
  heard_at: null,
  kind,
  who: null,
  device: "fp-001",
  text: kind,
  photo: null,
  state: null,
});

it("puts what was held back in a row into one line, and keeps the order of all else", () => {
  const kinds = ["opened", "suppressed", "suppressed", "alert", "suppressed"] as const;
  const groups = folded(kinds.map(happening));
  expect(groups.map((group) => group.map(({ kind }) => kind))).toEqual([
    ["opened"],
    ["suppressed", "suppressed"],
    ["alert"],
    ["suppressed"],
  ]);
});

it("finds the nearest cameras, by the way a bird flies", () => {
  const at = (id: string, kind: string, latitude: number | null) =>
    ({ id, kind, latitude, longitude: 104 }) as Parameters<typeof nearest>[0];
  const cameras = [at("far", "camera", -4.2), at("near", "camera", -4.11), at("nowhere", "camera", null)];
  const found = nearest(at("root", "fibre_point", -4.1), [...cameras, at("fp", "fibre_point", -4.1)], 2);
  expect(found.map(({ device }) => device.id)).toEqual(["near", "far"]);
  expect(found[0]?.metres).toBeCloseTo(1_112, 0);
});
