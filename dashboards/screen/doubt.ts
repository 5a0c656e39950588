/** Whether what the stream tells is too old to be shown as now; decided so that it does not come and go. Knows no browser. */

/** Without a newer look of the server's a page is frozen: within 10 s, its tick included. */
export const SILENT_MS = 9_000;
/** What comes so soon is of now; the server looks once a second. */
const IN_TIME_MS = 3_000;
/** A line that is late for good is so again with the next pause: heartbeats come every five seconds. */
const CALM_MS = 60_000;

export class Doubt {
  private oldAt = Number.NEGATIVE_INFINITY;

  /** Something arrived that was so old then: in time, and all is believed again at once. */
  hear(age: number): void {
    if (age <= IN_TIME_MS) this.oldAt = Number.NEGATIVE_INFINITY;
  }

  /** `age` of the newest that was heard, at `now`. True while it is too old, and until it has not been for a minute. */
  holds(age: number, now: number): boolean {
    if (age > SILENT_MS) this.oldAt = now;
    return now - this.oldAt < CALM_MS;
  }
}
