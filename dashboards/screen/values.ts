/** Numbers as people read them: in their language, with as many decimals in every line. */
import { locale, say } from "./words";

const DECIMALS: Record<string, number> = {
  dBm: 1,
  "°C": 1,
  ms: 1,
  "%": 1,
  m: 2,
  V: 0,
  A: 1,
  W: 0,
  Hz: 2,
  "1/s": 1,
  "mm/h": 1,
  "m/s": 1,
  "°": 0,
  "µg/m³": 0,
  hPa: 0,
};
const BYTES = ["B", "kB", "MB", "GB", "TB", "PB"];
const formats = new Map<string, Intl.NumberFormat>();

export function number(value: number, options: Intl.NumberFormatOptions): string {
  const key = `${locale()} ${JSON.stringify(options)}`;
  const made = formats.get(key) ?? new Intl.NumberFormat(locale(), options);
  formats.set(key, made);
  return made.format(value);
}

export const whole = (value: number): string => number(value, { maximumFractionDigits: 0 });

/** 0.9951 is 99,51 %; null, where nothing was seen, is a dash. */
export const percent = (ratio: number | null, digits = 2): string =>
  ratio === null
    ? "–"
    : number(ratio, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A reading with its unit, as the kinds' metrics name it (`ratio`, `bool`, `B`, `s`, `grade`, `dBm` …). */
export function valueText(value: number, unit: string): string {
  const special = SPECIAL[unit];
  return special ? special(value) : measured(value, unit);
}

const SPECIAL: Record<string, (value: number) => string> = {
  bool: (value) => (value ? say("yes") : say("no")),
  ratio: (value) => measured(value * 100, "%"),
  B: bytes,
  s: seconds,
  "1/s": (value) => `${digits(value, "1/s")} /${say("second")}`,
  "mm/h": (value) => `${digits(value, "mm/h")} mm/${say("hour")}`,
  Pa: (value) => measured(value / 100, "hPa"),
  count: whole,
  code: String,
  variance: (value) => number(value, { maximumSignificantDigits: 4 }),
  grade: (value) => (value in GRADES ? say(GRADES[value as keyof typeof GRADES]) : String(value)),
};
const GRADES = { 0: "grade_0", 1: "grade_1", 2: "grade_2", 3: "grade_3" } as const;

const measured = (value: number, unit: string): string => `${digits(value, unit)} ${unit}`;

function digits(value: number, unit: string): string {
  const fixed = DECIMALS[unit];
  if (fixed === undefined) return number(value, { maximumSignificantDigits: 4 });
  return number(value, { minimumFractionDigits: fixed, maximumFractionDigits: fixed });
}

function seconds(value: number): string {
  if (Math.abs(value) >= 60) return `${value < 0 ? "-" : ""}${duration(Math.abs(value) * 1_000)}`;
  return Math.abs(value) < 1
    ? measured(value * 1_000, "ms")
    : `${number(value, { maximumSignificantDigits: 4 })} ${say("second")}`;
}

function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(BYTES.length - 1, Math.floor(Math.log10(value) / 3));
  return `${number(value / 1_000 ** power, { maximumSignificantDigits: 3 })} ${BYTES[power]}`;
}

/** The largest whole unit: 59 dtk, 3 mnt, 2 jam, 5 hari. */
export function duration(millis: number): string {
  const passed = Math.max(0, Math.floor(millis / 1_000));
  if (passed < 60) return `${passed} ${say("second")}`;
  if (passed < 3_600) return `${Math.floor(passed / 60)} ${say("minute")}`;
  if (passed < 86_400) return `${Math.floor(passed / 3_600)} ${say("hour")}`;
  return `${Math.floor(passed / 86_400)} ${say("day")}`;
}
