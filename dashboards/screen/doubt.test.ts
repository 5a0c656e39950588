import { describe, expect, it } from "vitest";
import { Doubt } from "./doubt";

/** Half a second old when it was told: the server looks once a second. */
const LOOKED = 500;

/** Whether the page is frozen in each second: `delay` on the way, something told every `pause` seconds. */
function frozen(doubt: Doubt, delay: number, pause: number, [from, to]: [number, number]): boolean[] {
  const found: boolean[] = [];
  for (let second = from; second < to; second += 1) {
    const told = Math.floor((second - delay) / pause) * pause;
    if (told + delay === second) doubt.hear(delay * 1_000 + LOOKED);
    found.push(doubt.holds((second - told) * 1_000 + LOOKED, second * 1_000));
  }
  return found;
}

describe("a page whose stream is held back in a quiet city", () => {
  it.each([5, 6, 7, 8])("late by %i s is frozen, and stays so", (delay) => {
    const seen = frozen(new Doubt(), delay, 5, [0, 600]);
    expect(seen).toContain(true);
    expect(seen.slice(seen.indexOf(true))).not.toContain(false);
  });

  it.each([0, 1, 3])("late by %i s is not", (delay) => {
    expect(frozen(new Doubt(), delay, 5, [0, 600])).not.toContain(true);
  });

  it("is live again with the first that comes in time", () => {
    const doubt = new Doubt();
    expect(frozen(doubt, 6, 5, [0, 100]).at(-1)).toBe(true);
    doubt.hear(200);
    expect(doubt.holds(200, 100_000)).toBe(false);
  });

  it("and in a city that tells something every second a minute after it was too old, though late", () => {
    const doubt = new Doubt();
    doubt.holds(20_000, 0);
    const seen = frozen(doubt, 5, 1, [0, 120]);
    expect([seen[59], seen[60], seen.slice(60).includes(true)]).toEqual([true, false, false]);
  });
});
