import { describe, expect, it } from "vitest";
import { Offset } from "./offset";

const AHEAD = 1_000_000;
const MINUTE = 60_000;

describe("the server's clock", () => {
  it("is told by what was the shortest on its way", () => {
    const offset = new Offset();
    for (const [sent, delay] of [
      [0, 300],
      [1_000, 20],
      [2_000, 900],
    ] as const) {
      offset.hear(AHEAD + sent, sent + delay);
    }
    expect(offset.at(3_000)).toBeCloseTo(AHEAD - 20, 0);
  });

  it("is not put back by a stream of which every message is held back, as long as anything else comes", () => {
    const offset = new Offset();
    for (let sent = 0; sent < 600 * MINUTE; sent += 5_000) {
      offset.hear(AHEAD + sent, sent + 20_000);
      if (sent % MINUTE === 0) offset.hear(AHEAD + sent, sent + 30);
    }
    expect(offset.at(600 * MINUTE)).toBeGreaterThan(AHEAD - 60);
    expect(offset.at(600 * MINUTE)).toBeLessThanOrEqual(AHEAD);
  });

  it("follows a page's clock that runs fast or slow", () => {
    for (const pace of [1.0001, 0.9999]) {
      const offset = new Offset();
      const day = 1_440 * MINUTE;
      for (let sent = 0; sent <= day; sent += 5_000) offset.hear(AHEAD + sent, sent * pace + 20);
      expect(Math.abs(offset.at(day * pace) - (AHEAD + day - day * pace))).toBeLessThan(25);
    }
  });
});
