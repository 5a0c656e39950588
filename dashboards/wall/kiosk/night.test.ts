import { expect, it } from "vitest";
import { untilNight } from "./night";

const HOURS = 3_600_000;

it.each([
  [0, 0, 4 * HOURS],
  [5 * 3_600, 0, 23 * HOURS],
  [12 * 3_600, 0.5, 16 * HOURS + 600_000],
  [3 * 3_600 + 1_800, 0, 24.5 * HOURS],
  [4 * 3_600, 0, 24 * HOURS],
])("from second %d of the day, by chance %d, it is %d ms", (second, chance, wait) => {
  expect(untilNight(second, chance)).toBe(wait);
});
