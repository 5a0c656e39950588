// @vitest-environment node
import { expect, it } from "vitest";
import { language } from "../../screen/words";
import { inWords, ruleOf } from "./recurrence";

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
