/** The server's clock. This machine's own may be wrong by hours; it only measures what passed since the server spoke. */
import { computed, signal } from "@preact/signals";
import { locale } from "./words";

/** Server time less this page's monotonic clock, in ms; null until the server has spoken. */
const offset = signal<number | null>(null);
const zone = signal("Asia/Jakarta");

/** Milliseconds since the epoch, once a second; what is drawn from it is drawn anew as time passes. */
export const tick = signal(0);

export const known = computed(() => offset.value !== null);

export function synchronise(serverTime: string): void {
  offset.value = Date.parse(serverTime) - performance.now();
  tick.value = serverNow();
}

export function useZone(timeZone: string): void {
  zone.value = timeZone;
}

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
    formats.get(key) ?? new Intl.DateTimeFormat(locale(), { timeZone: zone.value, hour12: false, ...options });
  formats.set(key, made);
  return made.format(millis);
}

/** 14:02:10, in the city's zone. */
export const timeOf = (millis: number): string =>
  format(millis, "time", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).replaceAll(".", ":");

/** 14:02, in the city's zone. */
export const shortTimeOf = (millis: number): string =>
  format(millis, "short", { hour: "2-digit", minute: "2-digit" }).replaceAll(".", ":");

/** 27 Nov 2026, in the city's zone. */
export const dayOf = (millis: number): string =>
  format(millis, "day", { day: "numeric", month: "short", year: "numeric" });

/** The time, or the day where it was not today. */
export const momentOf = (millis: number): string =>
  dayOf(tick.value) === dayOf(millis) ? timeOf(millis) : `${dayOf(millis)} ${shortTimeOf(millis)}`;
