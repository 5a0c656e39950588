/** Times of day in a zone that is not this machine's: what somebody types is the city's time. */

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string): Intl.DateTimeFormat {
  const made =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  formats.set(zone, made);
  return made;
}

/** The zone's wall clock at a moment, as if it were UTC: milliseconds. */
function shown(at: number, zone: string): number {
  const parts = Object.fromEntries(
    formatIn(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** `2026-11-27T14:02`, as an `<input type="datetime-local">` has it. */
export const localOf = (at: number, zone: string): string => new Date(shown(at, zone)).toISOString().slice(0, 16);

/** `2026-11-27`. */
export const dateOf = (at: number, zone: string): string => localOf(at, zone).slice(0, 10);

/** The moment of a local time; NaN for what is none. A time that a change of clocks leaves out is the one after it. */
export function momentIn(local: string, zone: string): number {
  const wanted = Date.parse(`${local.length === 10 ? `${local}T00:00` : local}Z`);
  if (Number.isNaN(wanted)) return wanted;
  const guess = wanted - (shown(wanted, zone) - wanted);
  return wanted - (shown(guess, zone) - guess);
}

/** The first moment of the day that lies `days` after the one of `at`. */
export function dayStart(at: number, zone: string, days = 0): number {
  const noon = Date.parse(`${dateOf(at, zone)}T12:00Z`) + days * DAY;
  return momentIn(new Date(noon).toISOString().slice(0, 10), zone);
}

/** The Monday of the week of `at`, in which weeks begin here. */
export function weekStart(at: number, zone: string, weeks = 0): number {
  const weekday = (new Date(`${dateOf(at, zone)}T12:00Z`).getUTCDay() + 6) % 7;
  return dayStart(at, zone, 7 * weeks - weekday);
}
