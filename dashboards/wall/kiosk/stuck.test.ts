import { describe, expect, it } from "vitest";
import { Stuck } from "./stuck";

const SIGN = { text: "BEKU sejak 14:02:10", visible: true };

/** What each check says, a second apart, after one sign. */
function checks(sign: typeof SIGN, count: number): (string | null)[] {
  const stuck = new Stuck();
  stuck.hear(0, sign);
  return Array.from({ length: count }, (_, second) => stuck.check(second * 1_000));
}

describe("a page that does not answer", () => {
  it("is told from one that is busy: nine seconds, and then it says since when", () => {
    expect(checks(SIGN, 10)).toEqual(Array(10).fill(null));
    expect(checks(SIGN, 11).at(-1)).toBe("BEKU sejak 14:02:10");
  });

  it("is as before when it answers again", () => {
    const stuck = new Stuck();
    stuck.hear(0, SIGN);
    for (let second = 0; second <= 12; second += 1) stuck.check(second * 1_000);
    stuck.hear(12_500, { ...SIGN, text: "BEKU sejak 14:02:22" });
    expect(stuck.check(13_000)).toBeNull();
  });

  it("is not judged before its first sign, while nobody sees it, or when the machine slept", () => {
    expect(new Stuck().check(60_000)).toBeNull();
    expect(checks({ ...SIGN, visible: false }, 20)).toEqual(Array(20).fill(null));
    const slept = new Stuck();
    slept.hear(0, SIGN);
    expect([slept.check(1_000), slept.check(3_600_000), slept.check(3_601_000)]).toEqual([null, null, null]);
  });
});
