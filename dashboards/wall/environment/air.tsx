/** What is in the air: PM2.5 now, and the category of the index by its mean of a day. */
import { useComputed } from "@preact/signals";
import { whole } from "../../screen/values";
import { Card, type Sensor, shortName, useDevice } from "./card";
import { Day } from "./day";
import { BUCKET_SECONDS, history, pointsOf } from "./history";
import { ispuOf } from "./ispu";
import { type Mean, meanOf, readings } from "./trend";
import { say } from "./words";

export const PM25 = "pm2_5_micrograms_per_cubic_metre";
const LEAST_MICROGRAMS = 10;
/** Three quarters of a day are taken for the day. */
const ENOUGH_HOURS = 18;

export function Air(sensor: Sensor) {
  const device = useDevice(sensor).value;
  const past = history(sensor.id, PM25);
  const day = useComputed(() => readings(pointsOf(past), BUCKET_SECONDS));
  const mean = useComputed(() => meanOf(pointsOf(past), BUCKET_SECONDS));
  if (!device) return null;
  const now = device.latest[PM25];
  const ispu = mean.value && ispuOf(mean.value.value);
  return (
    <Card
      about={sensor.about}
      device={device}
      short={shortName(device, sensor.prefix)}
      metric={PM25}
      level={ispu?.category ?? "normal"}
    >
      {now ? (
        <p class="sensor-value">
          <b>{whole(now.value)} µg/m³</b>
          {ispu && (
            <span class="sensor-level">
              {say(ispu.category)} · ISPU {whole(ispu.index)}
            </span>
          )}
        </p>
      ) : (
        <p class="sensor-value">{say("no_reading")}</p>
      )}
      {mean.value && <p class="sensor-rate">{meanText(mean.value)}</p>}
      {now && <Day readings={day.value} now={Date.parse(now.time)} least={LEAST_MICROGRAMS} />}
    </Card>
  );
}

function meanText({ value, hours }: Mean): string {
  const micrograms = `${whole(value)} µg/m³`;
  if (hours >= ENOUGH_HOURS) return `${say("day_mean")} ${micrograms}`;
  const span = hours >= 1 ? `${whole(hours)} ${say("hours")}` : `${whole(hours * 60)} ${say("minutes")}`;
  return `${say("mean_of")} ${span}: ${micrograms}`;
}
