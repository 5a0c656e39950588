/** One metric over time: asked for when it is looked at, and live after that. */
import "uplot/dist/uPlot.min.css";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { getJson } from "../../screen/api";
import { serverNow, tick } from "../../screen/clock";
import { ageOf } from "../../screen/freshness";
import type { Remote } from "../../screen/remote";
import type { Metric } from "../../screen/shapes";
import { city, deviceNow, kindOf } from "../here";
import { Asked, asking, useRemote } from "../parts/asked";
import { Ago } from "../parts/time";
import { lasting } from "./lasting";
import { look, STEPPED } from "./look";
import {
  type Extremes,
  extremes,
  isCounter,
  type Live,
  presentRate,
  type Readings,
  type Series,
  seriesOf,
} from "./series";
import { textOf } from "./units";
import { say } from "./words";

/** Some reports of a counter lie within. */
const RATE_SECONDS = 600;

interface Given {
  device: string;
  name: string;
  metric: Metric;
  /** Seconds. */
  span: number;
}

export function Chart(given: Given) {
  const box = useRef<HTMLElement>(null);
  const seen = useSeen(box);
  const latest = deviceNow(given.device)?.latest[given.name];
  const cadence = kindOf(city.devices.get(given.device)?.kind ?? "").interval_seconds;
  const old = ageOf(latest ? Date.parse(latest.time) : null, tick.value, cadence).old;
  return (
    <figure ref={box} class={given.metric.fault ? "chart fault-chart" : "chart"}>
      <figcaption>
        <span>{given.metric.name}</span>
        {latest && (
          <span class={old ? "aged old" : "aged"}>
            {isCounter(given.name) ? (
              seen && <Rate {...given} cadence={cadence} />
            ) : (
              <strong>{textOf(given.name, given.metric, latest.value)}</strong>
            )}{" "}
            <small>
              <Ago at={latest.time} />
            </small>
          </span>
        )}
      </figcaption>
      {seen && <Drawn {...given} cadence={cadence} />}
    </figure>
  );
}

/** True from when it first came near the window on. */
function useSeen(box: { current: Element | null }): boolean {
  const [seen, see] = useState(false);
  useEffect(() => {
    if (seen || !box.current) return;
    const watching = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) see(true);
      },
      { rootMargin: "200px" },
    );
    watching.observe(box.current);
    return () => watching.disconnect();
  }, [seen, box]);
  return seen;
}

/** Of its last readings: a long span has them in steps, which tell how fast it was on average. */
function Rate(given: Given & { cadence: number }) {
  const seconds = Math.max(RATE_SECONDS, 4 * given.cadence);
  const readings = useReadings(given, seconds, RATE_SECONDS).value.value;
  const live = useLive(given.device, given.name);
  const rate = readings && presentRate(readings, live, given.cadence);
  return rate === null ? null : <strong>{textOf(given.name, given.metric, rate)}</strong>;
}

function Drawn(given: Given & { cadence: number }) {
  const readings = useReadings(given, given.span, given.span > 86_400 ? 600 : 120);
  return <Asked of={readings}>{(answer) => <Plot {...given} readings={answer} />}</Asked>;
}

function useReadings(given: Given, seconds: number, every: number): Remote<Readings> {
  const path = `/api/v1/devices/${encodeURIComponent(given.device)}/readings`;
  const ask = (_: string, init: RequestInit) => {
    const from = new Date(serverNow() - seconds * 1_000).toISOString();
    return getJson<Readings>(asking(path, { metric: given.name, from }), init);
  };
  return useRemote<Readings>(`${path}#${given.name}/${seconds}`, every, { ask });
}

/** What the stream told of it since the page is open. */
function useLive(device: string, name: string): readonly Live[] {
  const kept = useRef<Live[]>([]);
  const latest = deviceNow(device)?.latest[name];
  const time = latest ? Date.parse(latest.time) : null;
  if (latest && time !== null && time > (kept.current.at(-1)?.time ?? 0)) {
    kept.current = [...kept.current.slice(-999), { time, value: latest.value }];
  }
  return kept.current;
}

function Plot(given: Given & { cadence: number; readings: Readings }) {
  const { readings, cadence, metric, name, span } = given;
  const live = useLive(given.device, name);
  const series = useMemo(() => seriesOf(readings, live, cadence), [readings, live, cadence]);
  const told = extremes(series);
  const show = (value: number) => textOf(name, metric, value);
  const summary = told ? inWords(told, metric.unit, show) : say("no_readings");
  const coarse = readings.bucket_seconds;
  return (
    <>
      <Canvas series={series} name={name} metric={metric} span={span} label={`${metric.name}: ${summary}`} />
      <p class="dim summary">
        {metric.unit === "bool" && told ? "" : summary}
        {coarse !== null && ` · ${say("per_point")} ${lasting(coarse * 1_000)}`}
      </p>
    </>
  );
}

/** Between yes and no, or poor and excellent, there is no average. */
function inWords({ lowest, average, highest }: Extremes, unit: string, show: (value: number) => string): string {
  const parts = [`${say("lowest")} ${show(lowest)}`, `${say("highest")} ${show(highest)}`];
  if (!STEPPED.has(unit)) parts.splice(1, 0, `${say("average")} ${show(average)}`);
  return parts.join(" · ");
}

interface Canvases {
  series: Series;
  name: string;
  metric: Metric;
  span: number;
  label: string;
}

function Canvas({ series, name, metric, span, label }: Canvases) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const newest = useRef<Series>(series);
  newest.current = series;
  const banded = series.lowest !== null;
  useEffect(() => {
    const place = box.current;
    if (!place) return;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(look({ name, metric, banded, width: place.clientWidth }), dataOf(newest.current), place);
      bound(plot.current, span);
    };
    draw();
    const watching = new ResizeObserver(() => {
      const height = plot.current?.height ?? 0;
      if (plot.current && place.clientWidth !== plot.current.width)
        plot.current.setSize({ width: place.clientWidth, height });
    });
    watching.observe(place);
    return () => {
      watching.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [name, metric, banded, span]);
  useEffect(() => {
    plot.current?.setData(dataOf(series), false);
    if (plot.current) bound(plot.current, span);
  }, [series, span]);
  return <div ref={box} class="canvas" role="img" aria-label={label} />;
}

/** The axis ends now, whether or not anything came lately: silence is to be seen. */
function bound(plot: uPlot, span: number): void {
  const now = serverNow() / 1_000;
  plot.setScale("x", { min: now - span, max: now });
}

function dataOf({ times, middle, lowest, highest }: Series): uPlot.AlignedData {
  return lowest && highest ? [times, middle, highest, lowest] : [times, middle];
}
