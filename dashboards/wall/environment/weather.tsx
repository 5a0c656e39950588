/** A weather station: what it measures now. */
import { valueText } from "../../screen/values";
import { Card, type Sensor, shortName, useDevice } from "./card";
import { say } from "./words";

export const TEMPERATURE = "temperature_celsius";
/** By a word that has room; the rest is for the device's own page. */
const SHOWN = {
  [TEMPERATURE]: "temperature",
  rainfall_millimetres_per_hour: "rain",
  wind_speed_metres_per_second: "wind",
  humidity_ratio: "humidity",
} as const;

export function Weather(sensor: Sensor) {
  const device = useDevice(sensor).value;
  if (!device) return null;
  const metrics = sensor.about.kinds[device.kind]?.metrics ?? {};
  const values = Object.entries(SHOWN).flatMap(([metric, word]) => {
    const value = device.latest[metric];
    const known = metrics[metric];
    return value && known ? [{ name: say(word), text: valueText(value.value, known.unit) }] : [];
  });
  return (
    <Card about={sensor.about} device={device} short={shortName(device, sensor.prefix)} metric={TEMPERATURE}>
      {values.length === 0 ? (
        <p class="sensor-value">{say("no_reading")}</p>
      ) : (
        <dl class="sensor-values">
          {values.map(({ name, text }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}
