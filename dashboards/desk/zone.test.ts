// @vitest-environment node
import { describe, expect, it } from "vitest";
import { dateOf, dayStart, localOf, momentIn, weekStart } from "./zone";

const WIB = "Asia/Jakarta";
const at = Date.parse;

describe("the city's time", () => {
  it("is what somebody types, whatever zone this machine is in", () => {
    expect(new Date(momentIn("2026-11-27T14:02", WIB)).toISOString()).toBe("2026-11-27T07:02:00.000Z");
    expect(localOf(at("2026-11-27T07:02:00Z"), WIB)).toBe("2026-11-27T14:02");
    expect(momentIn("", WIB)).toBeNaN();
  });

  it("has its own midnight and its own Monday", () => {
    const evening = at("2026-11-29T18:30:00Z"); // 01:30 on Monday in Jakarta
    expect(dateOf(evening, WIB)).toBe("2026-11-30");
    expect(new Date(dayStart(evening, WIB)).toISOString()).toBe("2026-11-29T17:00:00.000Z");
    expect(weekStart(evening, WIB)).toBe(dayStart(evening, WIB));
    expect(weekStart(evening - 7_200_000, WIB)).toBe(dayStart(evening, WIB, -7));
  });

  it("counts days, not hours, where clocks change", () => {
    const saturday = at("2026-10-24T12:00:00Z");
    const monday = dayStart(saturday, "Europe/Berlin", 2);
    expect(new Date(monday).toISOString()).toBe("2026-10-25T23:00:00.000Z");
    expect(monday - dayStart(saturday, "Europe/Berlin", 1)).toBe(25 * 3_600_000);
  });
});
