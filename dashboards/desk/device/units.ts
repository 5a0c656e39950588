/** Values as charts show them: a counter by how fast it grows. */
import type { Metric } from "../../screen/shapes";
import { valueText, whole } from "../../screen/values";
import { say as saying } from "../../screen/words";
import { isCounter } from "./series";
import { say } from "./words";

/** Of a counter `value` is its rate, per second. */
export function textOf(name: string, { unit }: Metric, value: number): string {
  if (!isCounter(name)) return valueText(value, unit);
  return unit === "B" ? `${valueText(value, "B")}/${saying("second")}` : `${whole(value * 3_600)} ${say("per_hour")}`;
}
