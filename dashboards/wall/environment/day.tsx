/** The day of a metric as a line, with the limits that lie within what is shown. */
import { boxOf, curve, HEIGHT, heightOf, WIDTH } from "./curve";
import type { Reading } from "./trend";
import { say } from "./words";

const DAY_MS = 86_400_000;

interface Given {
  readings: readonly Reading[];
  now: number;
  /** The smallest difference that fills the height. */
  least: number;
  limits?: readonly { value: number | null; level: string }[];
}

export function Day({ readings, now, least, limits = [] }: Given) {
  if (readings.length === 0) return null;
  const box = boxOf(readings, now, DAY_MS, least);
  const seen = limits.filter(({ value }) => value !== null && value >= box.low && value <= box.high);
  return (
    <svg
      class="sensor-day"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={say("past_day")}
    >
      {seen.map(({ value, level }) => (
        <line
          key={level}
          class={`sensor-limit ${level}`}
          x1={0}
          x2={WIDTH}
          y1={heightOf(value ?? 0, box)}
          y2={heightOf(value ?? 0, box)}
        />
      ))}
      <path d={curve(readings, box)} />
    </svg>
  );
}
