/** Whether what comes was long on its way: then it is old, though it comes without a pause. */

/** Of a line that is well none comes so much later than another; two machines' clocks part by that in half a day. */
const LATE_MS = 5_000;

/** Of one connection: by its least delay the others are measured. */
export class Lateness {
  /** The server's clock less this page's, at the least delay. */
  private least = Number.NEGATIVE_INFINITY;

  /** True where it came late: `told` by the server's clock, `at` by the page's. A server's clock put back looks the same. */
  hear(told: number, at: number): boolean {
    this.least = Math.max(this.least, told - at);
    return this.least - (told - at) > LATE_MS;
  }
}
