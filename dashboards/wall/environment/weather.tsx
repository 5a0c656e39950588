/** A weather station: what it measures now. */
import { valueText } from "../../screen/values";
import { Card, type Sensor, shortName, useDevice } from "./card";
import { say } from "./words";

export const TEMPERATURE = "temperature_celsius";
/** The rest is for the device's own page. */
const SHOWN = [TEMPERATURE, "rainfall_millimetres_per_hour", "wind_speed_metres_per_second", "humidity_ratio"];

export function Weather(sensor: Sensor) {
  const device = useDevice(sensor).value;
  if (!device) return null;
  const metrics = sensor.about.kinds[device.kind]?.metrics ?? {};
  const values = SHOWN.flatMap((metric) => {
    const value = device.latest[metric];
    const known = metrics[metric];
    return value && known ? [{ name: known.name, text: valueText(value.value, known.unit) }] : [];
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
