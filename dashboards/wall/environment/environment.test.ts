import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import { serverNow, synchronise } from "../../screen/clock";
import type { Device } from "../../screen/shapes";
import { prefixOf } from "../prefix";
import { boxOf, curve, HEIGHT, heightOf } from "./curve";
import { chosen } from "./environment";
import { pointsOf } from "./history";
import { ispuOf } from "./ispu";
import { levelOf, limitsOf, type Rule } from "./limits";
import { meanOf, perHour, type Reading, readings } from "./trend";

const MINUTE = 60_000;
const every = (minutes: number, ...values: number[]): Reading[] =>
  values.map((value, number) => ({ at: number * minutes * MINUTE, value }));

describe("the trend of a river", () => {
  it("is metres an hour by the last hour, whatever was before", () => {
    expect(perHour(every(20, 9, 9, 9, 1, 1.1, 1.2))).toBeCloseTo(0.3);
    expect(perHour(every(10, 2, 1.9, 1.8, 1.7))).toBeCloseTo(-0.6);
  });

  it("is not claimed of too little", () => {
    expect(perHour([])).toBeNull();
    expect(perHour(every(30, 1, 2))).toBeNull();
    expect(perHour(every(1, 1, 2, 3))).toBeNull();
  });

  it("takes a bucket for its middle, and a mean of buckets for the day", () => {
    const points = [
      { time: "2026-01-01T00:00:00Z", avg: 10, count: 5 },
      { time: "2026-01-01T00:05:00Z", avg: 20, count: 1 },
    ];
    expect(readings(points, 300)[0]).toEqual({ at: Date.parse("2026-01-01T00:02:30Z"), value: 10 });
    expect(meanOf(points, 300)).toEqual({ value: 15, hours: 1 / 6 });
    expect(meanOf([], 300)).toBeNull();
  });
});

describe("the category of the air", () => {
  it("is that of Permen LHK 14/2020, at both ends of each", () => {
    const at = (micrograms: number) => ispuOf(micrograms);
    expect([0, 15.5, 55.4, 150.4, 250.4, 500].map((value) => at(value).index)).toEqual([0, 50, 100, 200, 300, 500]);
    expect([15.5, 15.6, 55.5, 150.5, 250.5, 900].map((value) => at(value).category)).toEqual([
      "good",
      "moderate",
      "unhealthy",
      "very_unhealthy",
      "hazardous",
      "hazardous",
    ]);
  });
});

const gauge = (id: string, more: Partial<Device> = {}): Device =>
  ({ id, name: id, kind: "water_level", area: "Ulu Ogan", attributes: {}, latest: {}, ...more }) as Device;

const rule = (severity: string, above: number, match: object, more: Partial<Rule> = {}): Rule => ({
  enabled: true,
  fault: null,
  terms: { kind: "threshold", metric: "level_metres", severity, above, match },
  ...more,
});

describe("the limits of a gauge", () => {
  const general = [rule("warning", 7.5, { kind: ["water_level"] }), rule("critical", 9, { kind: ["water_level"] })];

  it("are those of the rules about it, and of several the lowest", () => {
    const own = rule("warning", 6, { id: ["wl-06"], attributes: { river: "Ogan" } });
    const river = { attributes: { river: "Ogan" } };
    expect(limitsOf(gauge("wl-06", river), "level_metres", [...general, own])).toEqual({ warning: 6, danger: 9 });
    expect(limitsOf(gauge("wl-06"), "level_metres", [...general, own])).toEqual({ warning: 7.5, danger: 9 });
  });

  it("are none by a rule that is off, at fault, or about something else", () => {
    const others = [
      rule("critical", 1, {}, { enabled: false }),
      rule("critical", 1, {}, { fault: "no metric" }),
      rule("critical", 1, { area: "Lengkiti" }),
      rule("critical", 1, { kind: "camera" }),
    ];
    expect(limitsOf(gauge("wl-01"), "level_metres", others)).toEqual({ warning: null, danger: null });
    expect(limitsOf(gauge("wl-01"), "battery_ratio", general)).toEqual({ warning: null, danger: null });
  });

  it("are passed above them, and not on them", () => {
    const limits = { warning: 7.5, danger: 9 };
    expect([7.5, 7.51, 9, 9.1].map((value) => levelOf(value, limits))).toEqual([
      "normal",
      "warning",
      "warning",
      "danger",
    ]);
    expect(levelOf(99, { warning: null, danger: null })).toBe("normal");
  });
});

describe("the line of a day", () => {
  it("breaks where nothing was heard, and leaves out what is older", () => {
    const given = [...every(10, 1, 2), { at: 60 * MINUTE, value: 2 }];
    const box = boxOf(given, 60 * MINUTE, 55 * MINUTE, 1);
    expect(curve(given, box).match(/[ML]/g)).toEqual(["M", "M"]);
    expect(curve([], box)).toBe("");
  });

  it("does not make mountains of a still river", () => {
    const box = boxOf(every(10, 1.41, 1.42), 10 * MINUTE, 60 * MINUTE, 0.2);
    expect(box.high - box.low).toBeCloseTo(0.2);
    expect(heightOf(box.high, box)).toBeCloseTo(0);
    expect(heightOf(box.low, box)).toBeCloseTo(HEIGHT);
  });
});

it("says once what all names begin with, in whole words", () => {
  expect(prefixOf(["Sungai Ogan, Mendingin", "Sungai Ogan, Muara Saeh"])).toBe("Sungai Ogan, ");
  expect(prefixOf(["Udara Kemalaraja", "Udara Kemelak"])).toBe("Udara ");
  expect(prefixOf(["Cuaca", "Cuaca Lengkiti"])).toBe("");
  expect(prefixOf(["Cuaca Lengkiti"])).toBe("");
  expect(prefixOf(["Ogan", "Lengkiti"])).toBe("");
  expect(prefixOf([])).toBe("");
});

it("shows of too many gauges those with the highest water, in the order of their names", () => {
  const many = Array.from({ length: 14 }, (_, number) =>
    gauge(`wl-${String(number).padStart(2, "0")}`, { latest: { level_metres: { value: number, time: "" } } }),
  );
  const { ids, more } = chosen([...many, gauge("cam-01", { kind: "camera" })], ["water_level"], "level_metres");
  expect([ids.length, more, ids[0], ids.at(-1)]).toEqual([12, 2, "wl-02", "wl-13"]);
});

describe("the past of a gauge", () => {
  it("is none where the newest answers did not come: beside a fresh reading it would pass for as fresh", () => {
    synchronise("2026-01-01T12:00:00Z");
    const points = [{ time: "2026-01-01T11:55:00Z", avg: 1, count: 5 }];
    const asked = (secondsAgo: number) => ({
      value: signal({ points }),
      at: signal(serverNow() - secondsAgo * 1_000),
      everySeconds: 300,
    });
    expect(pointsOf(asked(300))).toEqual(points);
    expect(pointsOf(asked(700))).toEqual([]);
  });
});
