import { expect, it } from "vitest";
import { scaled } from "./photo";

it("a photo is scaled to its longest side, and never up", () => {
  expect(scaled(4_000, 3_000, 1_600)).toEqual([1_600, 1_200]);
  expect(scaled(1_000, 4_000, 1_600)).toEqual([400, 1_600]);
  expect(scaled(640, 480, 1_600)).toEqual([640, 480]);
});
