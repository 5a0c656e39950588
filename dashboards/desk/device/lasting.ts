import { whole } from "../../screen/values";
import { say as saying } from "../../screen/words";

/** 1 jam 30 mnt: the two largest units that say something. */
export function lasting(millis: number): string {
  let rest = Math.round(millis / 1_000);
  const parts: string[] = [];
  for (const [size, unit] of [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
    [1, "second"],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count) parts.push(`${whole(count)} ${saying(unit)}`);
  }
  return parts.slice(0, 2).join(" ") || `0 ${saying("second")}`;
}
