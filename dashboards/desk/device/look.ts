/** How a chart looks: dark, times in the city's zone, values with their unit, all charts of a page with one cursor. */
import uPlot from "uplot";
import { dayOf, shortTimeOf, timeOf, timeZone } from "../../screen/clock";
import type { Metric } from "../../screen/shapes";
import { about } from "../here";
import { lonely, type Values } from "./series";
import { textOf } from "./units";
import { say } from "./words";

/** Of these units a value holds until the next one. */
export const STEPPED = new Set(["bool", "grade", "code"]);
const HEIGHT = 170;
const LOW = 90;

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

interface Looks {
  name: string;
  metric: Metric;
  banded: boolean;
  width: number;
}

export function look({ name, metric, banded, width }: Looks): uPlot.Options {
  const show = (value: number | null | undefined) => (value == null ? "–" : textOf(name, metric, value));
  const line = colour("info");
  const bool = metric.unit === "bool";
  const edge = (label: string): uPlot.Series => ({
    label,
    stroke: `${line}66`,
    width: 1,
    points: { show: false },
    value: (_, value) => show(value),
  });
  const middle: uPlot.Series = {
    label: banded ? say("average") : metric.name,
    stroke: metric.fault ? colour("down") : line,
    width: 1.5,
    points: { show: true, filter: (plot, index) => lonely(plot.data[index] as Values), size: 4 },
    value: (_, value) => show(value),
    ...(STEPPED.has(metric.unit) ? { paths: uPlot.paths.stepped?.({ align: 1 }) as uPlot.Series.PathBuilder } : {}),
    ...(bool ? { fill: `${metric.fault ? colour("down") : line}33` } : {}),
  };
  return {
    width,
    height: bool ? LOW : HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), timeZone()),
    cursor: { sync: { key: "device" }, drag: { x: false, y: false } },
    scales: { x: { time: true, auto: false }, y: { range: bool ? [0, 1.05] : (_, low, high) => roomy(low, high) } },
    series: [
      { label: about().zone_label, value: (_, seconds) => (seconds == null ? "–" : moment(seconds * 1_000)) },
      middle,
      ...(banded ? [edge(say("highest")), edge(say("lowest"))] : []),
    ],
    ...(banded ? { bands: [{ series: [2, 3] as [number, number], fill: `${line}2e` }] } : {}),
    axes: [timeAxis(), valueAxis(show, bool)],
  };
}

const moment = (at: number): string => `${dayOf(at)} ${timeOf(at)}`;

const grid = () => ({ stroke: colour("line"), width: 1 });

function timeAxis(): uPlot.Axis {
  const day = 86_400;
  return {
    stroke: colour("dim"),
    grid: grid(),
    ticks: grid(),
    space: 80,
    values: (_, splits, __, ___, step) =>
      splits.map((at) => (step >= day ? dayOf(at * 1_000).replace(/ \d{4}$/, "") : shortTimeOf(at * 1_000))),
  };
}

/** A value that hardly moves is drawn as a calm line, not as the noise of its last digit. */
function roomy(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const least = Math.max(Math.abs(low), Math.abs(high)) / 10 || 1;
  const room = Math.max((high - low) * 0.1, (least - (high - low)) / 2);
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

function valueAxis(show: (value: number) => string, bool: boolean): uPlot.Axis {
  return {
    stroke: colour("dim"),
    grid: grid(),
    ticks: grid(),
    size: 84,
    values: (_, splits) => once(splits.map(show)),
    ...(bool ? { splits: () => [0, 1] } : {}),
  };
}

/** Of equal neighbours only the first: lines closer than the last digit need no second name. */
const once = (labels: string[]): (string | null)[] =>
  labels.map((label, index) => (label === labels[index - 1] ? null : label));
