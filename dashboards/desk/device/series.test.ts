// @vitest-environment node
import { describe, expect, it } from "vitest";
import { extremes, lonely, presentRate, type Readings, seriesOf } from "./series";

const second = (at: number) => new Date(at * 1_000).toISOString();

const raw = (metric: string, ...points: [time: number, value: number][]): Readings => ({
  device: "fp-001",
  metric,
  unit: "dBm",
  step: "raw",
  bucket_seconds: null,
  points: points.map(([time, value]) => ({ time: second(time), value })),
  next: null,
});

describe("a chart's line", () => {
  it("has a gap where the next report but one did not come, and none where one was only late", () => {
    const { times, middle } = seriesOf(raw("rx", [0, -21], [40, -22], [200, -23]), [], 30);
    expect(middle).toEqual([-21, -22, null, -23]);
    expect(times).toEqual([0, 40, 120, 200]);
  });

  it("goes on with what the stream tells, and not with what is older than the answer", () => {
    const live = [
      { time: 20_000, value: 1 },
      { time: 60_000, value: -24 },
    ];
    expect(seriesOf(raw("rx", [0, -21], [30, -22]), live, 30).middle).toEqual([-21, -22, -24]);
  });

  it("of a counter is how fast it grows; begun anew or after a gap nobody knows", () => {
    const { times, middle } = seriesOf(raw("traffic_total", [0, 0], [30, 300], [60, 10], [90, 40]), [], 30);
    expect([times, middle]).toEqual([
      [30, 90],
      [10, 1],
    ]);
  });

  it("has a band where its points are rolled up", () => {
    const rolled: Readings = {
      ...raw("rx"),
      step: "5m",
      bucket_seconds: 300,
      points: [{ time: second(0), min: -25, avg: -22, max: -20, last: -21, count: 10 }],
    };
    const series = seriesOf(rolled, [{ time: 300_000, value: -23 }], 30);
    expect(series).toMatchObject({ middle: [-22, -23], lowest: [-25, -23], highest: [-20, -23] });
    expect(extremes(series)).toEqual({ lowest: -25, average: -22.5, highest: -20 });
  });

  it("shows a value that stands alone as a point", () => {
    expect(lonely([1, null, 2, 3, null, 4])).toEqual([0, 5]);
    expect(extremes(seriesOf(raw("rx"), [], 30))).toBeNull();
  });
});

describe("the present rate of a counter", () => {
  const traffic = raw("traffic_total", [0, 0], [30, 300]);

  it("is that of its newest reading, wherever that came from", () => {
    expect(presentRate(traffic, [], 30)).toBe(10);
    expect(presentRate(traffic, [{ time: 60_000, value: 900 }], 30)).toBe(20);
  });

  it("is nobody's to know where it began anew, after a gap, or of one reading alone", () => {
    expect(presentRate(traffic, [{ time: 60_000, value: 10 }], 30)).toBeNull();
    expect(presentRate(traffic, [{ time: 600_000, value: 900 }], 30)).toBeNull();
    expect(presentRate(raw("traffic_total", [0, 0]), [], 30)).toBeNull();
    expect(presentRate(raw("traffic_total"), [], 30)).toBeNull();
  });
});
