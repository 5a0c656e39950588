/** A chart for every metric that the kind of this device reports. The library that draws is fetched with this file. */
import "./charts.css";
import { useState } from "preact/hooks";
import type { Device } from "../../screen/shapes";
import { kindOf } from "../here";
import { Choices } from "../parts/choices";
import { Chart } from "./chart";
import { say } from "./words";

export const SPANS = { "1h": 3_600, "24h": 86_400, "7d": 604_800, "30d": 2_592_000, "1y": 31_536_000 } as const;
export type SpanName = keyof typeof SPANS;

export default function Charts({ device }: { device: Device }) {
  const [span, choose] = useState<SpanName>("24h");
  const metrics = Object.entries(kindOf(device.kind).metrics);
  const heard = metrics.filter(([name]) => name in device.latest);
  const never = metrics.filter(([name]) => !(name in device.latest));
  const options = (Object.keys(SPANS) as SpanName[]).map((name) => [name, say(`span_${name}`)] as const);
  return (
    <>
      <Choices label={say("span")} options={options} value={span} choose={choose} />
      <div class="charts">
        {heard
          .sort(([, one], [, other]) => Number(one.fault) - Number(other.fault))
          .map(([name, metric]) => (
            <Chart key={`${name} ${span}`} device={device.id} name={name} metric={metric} span={SPANS[span]} />
          ))}
      </div>
      {never.length > 0 && (
        <p class="dim">
          {say("never_reported")}: {never.map(([, metric]) => metric.name).join(", ")}
        </p>
      )}
    </>
  );
}
