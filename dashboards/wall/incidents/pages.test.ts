import { describe, expect, it } from "vitest";
import { type Page, sentOf, since, tally, tellsOf } from "./pages";

const page = (incident: number, created_at: string, fate: "delivered" | "failed" | "waits" = "waits"): Page =>
  ({
    incident,
    created_at,
    delivered_at: fate === "delivered" ? created_at : null,
    failed_at: fate === "failed" ? created_at : null,
    status: "firing",
    acknowledged: fate === "delivered",
  }) as Page;
const ITEMS = [
  page(2, "2026-01-01T03:00:00Z"),
  page(1, "2026-01-01T02:00:00Z", "delivered"),
  page(1, "2026-01-01T01:00:00Z", "failed"),
];

describe("the pages", () => {
  it("are counted by what became of them", () => {
    expect(tally(ITEMS)).toEqual({ written: 3, delivered: 1, failed: 1, acknowledged: 1 });
    expect(sentOf({ id: 1, opened_at: "" }, { items: ITEMS, next: null })).toEqual({
      written: 2,
      delivered: 1,
      failed: 1,
      acknowledged: 1,
    });
  });

  it("that tell of an end are taken by nobody", () => {
    const end: Page = { ...page(1, "2026-01-01T04:00:00Z", "delivered"), status: "resolved" };
    expect(tally([end, ...ITEMS])).toMatchObject({ written: 4, acknowledged: 1 });
  });

  it("of an incident older than what was answered are unknown, not none", () => {
    const answer = { items: ITEMS, next: "more" };
    expect(sentOf({ id: 9, opened_at: "2026-01-01T00:59:00Z" }, answer)).toBeNull();
    expect(sentOf({ id: 9, opened_at: "2026-01-01T02:30:00Z" }, answer)).toMatchObject({ written: 0 });
    expect(sentOf({ id: 9, opened_at: "2026-01-01T00:59:00Z" }, { ...answer, next: null })).toMatchObject({
      written: 0,
    });
  });

  it("of an incident are unknown while what was answered was asked for before there was one", () => {
    const incident = { opened_at: "2026-01-01T02:30:00Z" };
    const asked = ["2026-01-01T02:29:59Z", "2026-01-01T02:30:00Z"].map((time) => Date.parse(time));
    expect([null, ...asked].map((at) => tellsOf(at, incident))).toEqual([false, false, true]);
  });

  it("of a day are all of it only when the answer reaches back so far", () => {
    expect(since({ items: ITEMS, next: "more" }, Date.parse("2026-01-01T01:30:00Z"))).toMatchObject({ whole: true });
    const whole_day = since({ items: ITEMS, next: "more" }, Date.parse("2026-01-01T00:00:00Z"));
    expect([whole_day.pages.length, whole_day.whole]).toEqual([3, false]);
  });
});
