// @vitest-environment node
import { expect, it } from "vitest";
import { language } from "../../screen/words";
import { beginning, inWords, ruleOf } from "./recurrence";

it("says each day and each week as calendars write it, and as people say it", () => {
  language.value = "en";
  const last = Date.parse("2026-12-31T16:59:59Z");
  expect(ruleOf({ every: "once", on: ["MO"], last })).toBeNull();
  expect(ruleOf({ every: "day", on: ["MO"], last })).toBe("FREQ=DAILY;UNTIL=20261231T165959Z");
  const rule = ruleOf({ every: "week", on: ["FR", "MO"], last: null }) ?? "";
  expect(rule).toBe("FREQ=WEEKLY;BYDAY=MO,FR");
  expect(inWords(rule)).toBe("each week on Mon, Fri");
  expect(inWords("FREQ=DAILY")).toBe("each day");
  expect(inWords("FREQ=MONTHLY;BYMONTHDAY=1")).toBe("FREQ=MONTHLY;BYMONTHDAY=1");
});

it("begins on the first of its days, by the city's weekday, at the same times of the day", () => {
  // Friday 23:00 to Saturday 01:00 in Jakarta
  const first = { since: "2026-11-27T16:00:00.000Z", until: "2026-11-27T18:00:00.000Z" };
  const on = (every: "day" | "week", ...days: ("MO" | "FR")[]) =>
    beginning(first, { every, on: days, last: null }, "Asia/Jakarta");
  expect(on("day")).toEqual(first);
  expect(on("week")).toEqual(first);
  expect(on("week", "MO", "FR")).toEqual(first);
  expect(on("week", "MO")).toEqual({ since: "2026-11-30T16:00:00.000Z", until: "2026-11-30T18:00:00.000Z" });
});
