/** The server's clock. This machine's own may be wrong by hours; it only measures what passed since the server spoke. */
import { computed, signal } from "@preact/signals";
import { Offset } from "./offset";
import { locale } from "./words";

/** Server time less this page's monotonic clock, in ms; null until the server has spoken. */
const offset = signal<number | null>(null);
const zone = signal("Asia/Jakarta");

/** Milliseconds since the epoch, once a second; what is drawn from it is drawn anew as time passes. */
export const tick = signal(0);

export const known = computed(() => offset.value !== null);

let heard = new Offset();

/** The server's time as it is now, whatever was known of it. */
export function synchronise(serverTime: string): void {
  heard = new Offset();
  hear(serverTime);
}

/** The server's time as it was when that was sent: a while ago, if it was long on its way. */
export function hear(serverTime: string): void {
  const now = performance.now();
  heard.hear(Date.parse(serverTime), now);
  offset.value = heard.at(now);
  tick.value = serverNow();
}

export function useZone(timeZone: string): void {
  zone.value = timeZone;
}

/** The city's zone, by its name in the IANA's list. */
export const timeZone = (): string => zone.value;

/** Milliseconds since the epoch, by the server; NaN until it has spoken. */
export const serverNow = (): number => performance.now() + (offset.peek() ?? Number.NaN);

/** Let time pass on the page, until the returned function is called. */
export function run(): () => void {
  const timer = setInterval(() => {
    if (known.peek()) tick.value = serverNow();
  }, 1_000);
  return () => clearInterval(timer);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(millis: number, name: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${name} ${locale()} ${zone.value}`;
  const made =
    formats.get(key) ?? new Intl.DateTimeFormat(locale(), { timeZone: zone.value, hourCycle: "h23", ...options });
  formats.set(key, made);
  return made.format(millis);
}

/** Seconds since midnight by the clocks of the city. */
export function secondOfDay(millis: number): number {
  const [hours = 0, minutes = 0, seconds = 0] = timeOf(millis).split(":").map(Number);
  return hours * 3_600 + minutes * 60 + seconds;
}

/** When the city's day began: where a clock is put forward or back, on the first hours of that day an hour off. */
export const dayBegan = (millis: number): number => Math.floor(millis / 1_000 - secondOfDay(millis)) * 1_000;

/** 14:02:10, in the city's zone. */
export const timeOf = (millis: number): string =>
  format(millis, "time", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).replaceAll(".", ":");

/** 14:02, in the city's zone. */
export const shortTimeOf = (millis: number): string =>
  format(millis, "short", { hour: "2-digit", minute: "2-digit" }).replaceAll(".", ":");

/** 27 Nov 2026, in the city's zone. */
export const dayOf = (millis: number): string =>
  format(millis, "day", { day: "numeric", month: "short", year: "numeric" });

/** Sab, in the city's zone. */
export const weekdayOf = (millis: number): string => format(millis, "weekday", { weekday: "short" });

/** The time, or the day where it was not today. */
export const momentOf = (millis: number): string =>
  dayOf(tick.value) === dayOf(millis) ? timeOf(millis) : `${dayOf(millis)} ${shortTimeOf(millis)}`;
