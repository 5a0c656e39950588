// @vitest-environment node
import { expect, it } from "vitest";
import { weekStart } from "../zone";
import { type Shift, weekOf } from "./week";

const WIB = "Asia/Jakarta";
const shift = (since: string, until: string): Shift => ({ technicians: [], since, until, source: "layer:malam" });
const hours = (millis: number) => millis / 3_600_000;

it("shows a night shift in both of its days, by the city's midnight", () => {
  const monday = weekStart(Date.parse("2026-11-25T00:00:00Z"), WIB);
  // 20:00 to 08:00 in Jakarta, from Tuesday to Wednesday
  const days = weekOf([shift("2026-11-24T13:00:00Z", "2026-11-25T01:00:00Z")], monday, WIB);
  expect(days.map(({ pieces }) => pieces.length)).toEqual([0, 1, 1, 0, 0, 0, 0]);
  const [evening, morning] = days.flatMap(({ pieces }) => pieces);
  expect(evening).toMatchObject({ begun: false, goesOn: true });
  expect(morning).toMatchObject({ begun: true, goesOn: false });
  expect([evening, morning].map((piece) => piece && hours(piece.to - piece.from))).toEqual([4, 8]);
});

it("leaves out what ends at midnight from the day after, and keeps seven days where clocks change", () => {
  const monday = weekStart(Date.parse("2026-10-21T00:00:00Z"), "Europe/Berlin");
  const days = weekOf([shift("2026-10-24T10:00:00Z", "2026-10-24T22:00:00Z")], monday, "Europe/Berlin");
  expect(days.map(({ pieces }) => pieces.length)).toEqual([0, 0, 0, 0, 0, 1, 0]);
  expect(days.map(({ from, to }) => hours(to - from))).toEqual([24, 24, 24, 24, 24, 24, 25]);
});
