import { beforeEach, describe, expect, it } from "vitest";
import { ageOf, oldest } from "./freshness";
import { duration, percent, valueText } from "./values";
import { language } from "./words";

beforeEach(() => {
  language.value = "id";
});

describe("a value", () => {
  it.each([
    [-21.4, "dBm", "-21,4 dBm"],
    [0.0123, "s", "12,3 ms"],
    [90, "s", "1 mnt"],
    [0.25, "ratio", "25,0 %"],
    [1_234_567, "B", "1,23 MB"],
    [1, "bool", "ya"],
    [100_800, "Pa", "1.008 hPa"],
    [2.5, "mm/h", "2,5 mm/jam"],
    [3, "grade", "sangat baik"],
    [12_345, "count", "12.345"],
  ])("of %d %s reads %s", (value, unit, text) => {
    expect(valueText(value, unit)).toBe(text);
  });

  it("is written as its readers write", () => {
    language.value = "en";
    expect([valueText(-21.4, "dBm"), valueText(0, "bool"), duration(7_200_000)]).toEqual(["-21.4 dBm", "no", "2 h"]);
  });

  it("that was never seen is a dash, not nothing", () => {
    expect([percent(null), percent(0.9951)]).toEqual(["–", "99,51%"]);
  });
});

describe("an age", () => {
  it("is old when the next but one is due", () => {
    expect(ageOf(0, 60_000, 30)).toMatchObject({ old: false, text: "1 mnt" });
    expect(ageOf(0, 60_001, 30)).toMatchObject({ old: true });
  });

  it("is never negative, and old where there never was anything", () => {
    expect(ageOf(5_000, 0, 30)).toMatchObject({ millis: 0, old: false });
    expect(ageOf(null, 0, 30)).toEqual({ millis: null, old: true, text: "belum pernah" });
  });

  it("of several things is that of the oldest, and there is none where one was never seen", () => {
    expect(oldest(["2026-01-01T00:00:02Z", "2026-01-01T00:00:01Z"])).toBe(Date.parse("2026-01-01T00:00:01Z"));
    expect(oldest(["2026-01-01T00:00:02Z", null])).toBeNull();
  });
});
