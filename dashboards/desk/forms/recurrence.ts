/** Pure: what recurs, as RFC 5545 writes it and as people say it. */
import { localOf, momentIn } from "../zone";
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

export interface First {
  since: string;
  until: string;
}

const DAY = 86_400_000;

/** Calendars want the first time to be one of those days: the first that comes, at the same times of the day. */
export function beginning({ since, until }: First, { every, on }: Repeats, zone: string): First {
  if (every !== "week" || on.length === 0) return { since, until };
  const local = Date.parse(`${localOf(Date.parse(since), zone)}Z`);
  const weekday = (days: number) => WEEKDAYS[(new Date(local + days * DAY).getUTCDay() + 6) % 7];
  const days = [0, 1, 2, 3, 4, 5, 6].find((ahead) => on.some((day) => day === weekday(ahead))) ?? 0;
  const later = (time: string) =>
    new Date(
      momentIn(
        new Date(Date.parse(`${localOf(Date.parse(time), zone)}Z`) + days * DAY).toISOString().slice(0, 16),
        zone,
      ),
    ).toISOString();
  return days === 0 ? { since, until } : { since: later(since), until: later(until) };
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
