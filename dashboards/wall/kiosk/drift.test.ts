import { expect, it } from "vitest";
import { driftAt, FAR } from "./drift";

const MINUTES = Array.from({ length: 24 * 60 }, (_, minute) => driftAt(minute * 60_000));

it("goes everywhere within its bounds, and stays in them", () => {
  for (const axis of ["x", "y"] as const) {
    const seen = MINUTES.map((drift) => drift[axis]);
    expect(Math.max(...seen)).toBeGreaterThan(0.95 * FAR);
    expect(Math.min(...seen)).toBeLessThan(-0.95 * FAR);
    expect(Math.max(...seen.map(Math.abs))).toBeLessThanOrEqual(FAR);
  }
});

it("is never seen to move, nor to become dark", () => {
  const steps = MINUTES.slice(1).map((drift, index) => Math.abs(drift.x - (MINUTES[index]?.x ?? 0)));
  expect(Math.max(...steps)).toBeLessThan(0.06);
  expect(Math.min(...MINUTES.map(({ light }) => light))).toBeGreaterThanOrEqual(0.9);
});
