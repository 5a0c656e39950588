// @vitest-environment node
import { describe, expect, it } from "vitest";
import { dayMarks, LEAST, ribbon, type Stretch } from "./ribbon";

const HOUR = 3_600_000;
const span = { from: 0, to: 10 * HOUR };
const stretch = (
  from: number,
  to: number | null,
  bucket: Stretch["bucket"],
  state: Stretch["state"] = "up",
): Stretch => ({
  state,
  since: new Date(from).toISOString(),
  until: to === null ? null : new Date(to).toISOString(),
  cause: null,
  marks: [],
  reason: "heard",
  bucket,
  heard_at: null,
});

describe("the ribbon", () => {
  it("shows what nobody saw as not seen, and cuts what began before", () => {
    const pieces = ribbon([stretch(-5 * HOUR, 2 * HOUR, "up"), stretch(8 * HOUR, null, "down", "down")], span, 100);
    expect(pieces).toEqual([
      { x: 0, width: 100, bucket: "blind", degraded: false },
      { x: 0, width: 20, bucket: "up", degraded: false },
      { x: 80, width: 20, bucket: "down", degraded: false },
    ]);
  });

  it("hides no outage, however short, and lays it above what is normal", () => {
    const pieces = ribbon([stretch(9.9999 * HOUR, null, "down", "down"), stretch(0, 9.9999 * HOUR, "up")], span, 100);
    expect(pieces.at(-1)).toEqual({ x: 100 - LEAST, width: LEAST, bucket: "down", degraded: false });
  });

  it("tells degraded from normal, though both count as up", () => {
    expect(ribbon([stretch(0, HOUR, "up", "degraded")], span, 100)[1]).toMatchObject({ bucket: "up", degraded: true });
  });
});

it("marks days, as many as there is room for", () => {
  const week = { from: 0, to: 7 * 24 * HOUR };
  const begin = (at: number, days: number) => at + days * 24 * HOUR;
  expect(dayMarks(week, 10, begin)).toHaveLength(6);
  expect(dayMarks(week, 3, begin)).toHaveLength(2);
});
