import { describe, expect, it } from "vitest";
import { Alarm } from "./alarm";

describe("a critical incident", () => {
  it("is heard once, when it is new", () => {
    const alarm = new Alarm();
    expect([[], [7], [7], [7, 8], [8], [7, 8]].map((open) => alarm.hear(open))).toEqual([
      false,
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  it("that was there before the page is not heard at all", () => {
    const alarm = new Alarm();
    expect([[7], [7], [7, 9]].map((open) => alarm.hear(open))).toEqual([false, false, true]);
  });

  it("is not heard again by the page that comes after", () => {
    const before = new Alarm();
    before.hear([]);
    before.hear([7]);
    const after = new Alarm(before.kept);
    expect([[], [7]].map((open) => after.hear(open))).toEqual([false, false]);
  });

  it("is one of those kept, which are not without end", () => {
    const alarm = new Alarm();
    alarm.hear(Array.from({ length: 500 }, (_, id) => id));
    expect([alarm.kept.length, alarm.kept.at(-1)]).toEqual([200, 499]);
  });
});
