/** Pure: what recurs, as RFC 5545 writes it and as people say it. */
import { say } from "./words";

export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface Repeats {
  every: "once" | "day" | "week";
  /** Of a week; none means the weekday of the first time. */
  on: readonly Weekday[];
  /** The last moment at which it may begin, in milliseconds; null for ever. */
  last: number | null;
}

export function ruleOf({ every, on, last }: Repeats): string | null {
  if (every === "once") return null;
  const parts = [every === "day" ? "FREQ=DAILY" : "FREQ=WEEKLY"];
  if (every === "week" && on.length > 0) parts.push(`BYDAY=${WEEKDAYS.filter((day) => on.includes(day)).join(",")}`);
  if (last !== null) parts.push(`UNTIL=${stamp(last)}`);
  return parts.join(";");
}

/** 20261127T165959Z. */
const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;

/** In words where it is one of ours; else as it stands. */
export function inWords(rule: string): string {
  const parts = new Map(rule.split(";").map((part) => part.split("=", 2) as [string, string]));
  const days = (parts.get("BYDAY") ?? "")
    .split(",")
    .filter((day): day is Weekday => WEEKDAYS.some((one) => one === day));
  const strange = [...parts.keys()].some((key) => !["FREQ", "BYDAY", "UNTIL"].includes(key));
  if (strange) return rule;
  if (parts.get("FREQ") === "DAILY" && days.length === 0) return say("plain_daily");
  if (parts.get("FREQ") !== "WEEKLY") return rule;
  return days.length ? `${say("weekly")} ${days.map((day) => say(day)).join(", ")}` : say("plain_weekly");
}
