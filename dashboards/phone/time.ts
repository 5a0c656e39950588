/** The server's clock on a phone that sleeps, is off the line for hours, and whose own clock may be wrong. */
import { dayOf, serverNow, shortTimeOf, synchronise, tick } from "../screen/clock";
import { keepSkew, skew } from "./store";

/** The stopwatch of a browser stands still while the phone sleeps; so long is no sleep. */
export const DOZE_MS = 2_000;

/** Server clock less the phone's, ms; null until the server has spoken to this phone for the first time. */
let ahead: number | null = null;

/** Begin with what was last known of the server's clock. */
export async function begin(): Promise<void> {
  ahead = await skew();
  if (ahead !== null) set(Date.now() + ahead);
}

export function hear(serverTime: number): void {
  const heard = serverTime - Date.now();
  // Answers tell whole seconds, and were on their way for a while.
  if (ahead === null || Math.abs(heard - ahead) > DOZE_MS) {
    ahead = heard;
    void keepSkew(heard);
  }
  set(Date.now() + ahead);
}

/** Once a second, and when the page is looked at again: what was slept through has passed too. */
export function wake(): void {
  if (ahead === null) return;
  const now = slept(serverNow(), Date.now() + ahead);
  if (now !== null) set(now);
}

/** The later time, where the stopwatch fell behind the phone's clock; what is shown may look older, never newer. */
export function slept(stopwatch: number, clock: number): number | null {
  return clock - stopwatch > DOZE_MS ? clock : null;
}

/** When something is done on this phone, as the server will read it. */
export const nowText = (): string => new Date(ahead === null ? Date.now() : serverNow()).toISOString();

function set(millis: number): void {
  synchronise(new Date(millis).toISOString());
}

/** 14:02, or with its day where that is another. */
export function when(time: string | number): string {
  const millis = typeof time === "number" ? time : Date.parse(time);
  return dayOf(tick.value) === dayOf(millis) ? shortTimeOf(millis) : `${dayOf(millis)} ${shortTimeOf(millis)}`;
}
