import { expect, it } from "vitest";
import { Lateness } from "./lateness";

/** Heartbeats every five seconds, each so long on its way. */
const heard = (...delays: number[]): boolean[] => {
  const lateness = new Lateness();
  return delays.map((delay, number) => lateness.hear(1_000_000 + number * 5_000, number * 5_000 + delay));
};

it("is measured by the least delay of a connection", () => {
  expect(heard(200, 100, 4_000, 150)).toEqual([false, false, false, false]);
  expect(heard(100, 2_000, 4_000, 6_000, 8_000)).toEqual([false, false, false, true, true]);
});

it("grows with a screen that is too slow for what it is told, however evenly that comes", () => {
  const late = heard(...Array.from({ length: 30 }, (_, number) => 300 * number));
  expect(late.indexOf(true)).toBe(17);
});

it("is what a clock that was put back looks like: a new connection begins anew", () => {
  const lateness = new Lateness();
  expect([lateness.hear(3_600_000, 0), lateness.hear(5_000, 5_000)]).toEqual([false, true]);
  expect(new Lateness().hear(5_000, 5_000)).toBe(false);
});
