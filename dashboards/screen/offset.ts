/** How far the server's clock is ahead of this page's, by what came soonest. Knows no browser. */

/** By so much of a second two machines' clocks part in a second, at the most. */
const DRIFT = 2e-4;

/**
 * Whatever tells the server's time was a while on its way; so the offset is no less than it says, and the greatest such
 * bound is the nearest. A stream that a proxy holds back does not put the clock back: what it tells is old, and shown so.
 */
export class Offset {
  private bound = Number.NEGATIVE_INFINITY;
  private boundAt = 0;

  /** `told` by the server's clock, heard `at` by the page's. */
  hear(told: number, at: number): void {
    this.bound = Math.max(this.at(at), told - at);
    this.boundAt = at;
  }

  /** Milliseconds to add to the page's clock; minus infinity until anything was heard. */
  at(now: number): number {
    return this.bound - DRIFT * (now - this.boundAt);
  }
}
