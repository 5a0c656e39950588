import { describe, expect, it } from "vitest";
import { FrameWatch } from "./frame_watch";

/** What each check answers, five seconds apart: [a frame came, the clock on the page]. */
function checks(...seen: [framed: boolean, clock: string | null][]): boolean[] {
  const watch = new FrameWatch(5_000);
  return seen.map(([framed, clock], step) => {
    if (framed) watch.frame();
    return watch.check(step * 5_000, true, clock);
  });
}

describe("a page", () => {
  it("that draws is left alone", () => {
    expect(checks([true, "1"], [true, "2"], [true, "3"], [true, "4"])).toEqual([false, false, false, false]);
  });

  it("to which no frame comes any more is told from one that missed a few", () => {
    expect(checks([true, "1"], [false, "2"], [false, "3"], [true, "4"], [false, "5"]).at(-1)).toBe(false);
    expect(checks([true, "1"], [false, "2"], [false, "3"], [false, "4"]).at(-1)).toBe(true);
  });

  it("whose clock stands is not drawn, whatever frames come; before the clock goes it may stand", () => {
    expect(checks([true, "1"], [true, "1"], [true, "1"], [true, "1"]).at(-1)).toBe(true);
    expect(checks([true, null], [true, null], [true, null], [true, null]).at(-1)).toBe(false);
  });

  it("that nobody sees, or whose machine slept, is not judged", () => {
    const watch = new FrameWatch(5_000);
    expect([0, 1, 2, 3].map((step) => watch.check(step * 5_000, false, "1"))).not.toContain(true);
    expect([1, 2, 3, 4].map((step) => watch.check(step * 60_000, true, "1"))).not.toContain(true);
  });
});
