/** A gauge in the river: its level, how far that is from the limits, and whether it rises. */
import { useComputed } from "@preact/signals";
import { number } from "../../screen/values";
import { Card, type Sensor, shortName, useDevice } from "./card";
import { Day } from "./day";
import { BUCKET_SECONDS, history, pointsOf } from "./history";
import { type Limits, levelOf, limitsOf, type Rule } from "./limits";
import { perHour, readings } from "./trend";
import { say } from "./words";

export const LEVEL = "level_metres";
/** A gauge trembles by so much with the waves. */
const STEADY_CM = 1;
const LEAST_METRES = 0.2;

export function River({ rules, ...sensor }: Sensor & { rules: readonly Rule[] }) {
  const device = useDevice(sensor).value;
  const past = history(sensor.id, LEVEL);
  const day = useComputed(() => readings(pointsOf(past), BUCKET_SECONDS));
  if (!device) return null;
  const now = device.latest[LEVEL];
  const limits = limitsOf(device, LEVEL, rules);
  const level = now ? levelOf(now.value, limits) : "normal";
  // Without limits nobody knows what is normal: of a gauge without a rule, and while the rules are not known.
  const judged = limits.warning !== null || limits.danger !== null;
  return (
    <Card about={sensor.about} device={device} short={shortName(device, sensor.prefix)} metric={LEVEL} level={level}>
      {now ? (
        <p class="sensor-value">
          <b>{number(now.value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })} m</b>
          {judged && <span class="sensor-level">{say(level)}</span>}
        </p>
      ) : (
        <p class="sensor-value">{say("no_reading")}</p>
      )}
      <Rate metresPerHour={perHour(day.value)} />
      {now && <Staff value={now.value} limits={limits} />}
      {now && (
        <Day
          readings={day.value}
          now={Date.parse(now.time)}
          least={LEAST_METRES}
          limits={[
            { value: limits.warning, level: "warning" },
            { value: limits.danger, level: "danger" },
          ]}
        />
      )}
    </Card>
  );
}

function Rate({ metresPerHour }: { metresPerHour: number | null }) {
  if (metresPerHour === null) return <p class="sensor-rate">{say("no_trend")}</p>;
  const cm = Math.round(metresPerHour * 100);
  if (Math.abs(cm) < STEADY_CM) return <p class="sensor-rate">→ {say("steady")}</p>;
  return (
    <p class={`sensor-rate ${cm > 0 ? "rising" : "falling"}`}>
      {cm > 0 ? "▲" : "▼"} {say(cm > 0 ? "rising" : "falling")} <b>{number(Math.abs(cm), {})}</b> {say("per_hour")}
    </p>
  );
}

/** As a staff gauge lying down: from zero to a little above danger. */
function Staff({ value, limits: { warning, danger } }: { value: number; limits: Limits }) {
  const top = danger ?? warning;
  if (top === null) return null;
  const share = (metres: number) => Math.min(100, Math.max(0, (100 * metres) / (top * 1.1)));
  return (
    <svg class="sensor-staff" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="sensor-staff-ground" width={100} height={6} />
      <rect class="sensor-staff-water" width={share(value)} height={6} />
      {warning !== null && <rect class="warning" x={share(warning)} width={0.8} height={6} />}
      {danger !== null && <rect class="danger" x={share(danger)} width={0.8} height={6} />}
    </svg>
  );
}
