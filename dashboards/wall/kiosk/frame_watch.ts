/** Whether the page is still being drawn: frames come when they are asked for, and the clock on it moves. */

const STRIKES = 3;

/** Ask `check` at an even pace, and let it hear of every frame. Knows no browser. */
export class FrameWatch {
  private framed = true;
  private shown: string | null = null;
  private strikes = 0;
  private checkedAt: number | null = null;

  constructor(private readonly everyMs: number) {}

  frame(): void {
    this.framed = true;
  }

  /** `clock` is what the clock on the page says, null before it goes. True when nothing was drawn for too long. */
  check(now: number, visible: boolean, clock: string | null): boolean {
    // A machine that slept has drawn nothing either, and needs a moment.
    const slept = this.checkedAt !== null && now - this.checkedAt > 2 * this.everyMs;
    const still = clock !== null && clock === this.shown;
    this.strikes = visible && !slept && (!this.framed || still) ? this.strikes + 1 : 0;
    this.framed = false;
    this.shown = clock;
    this.checkedAt = now;
    return this.strikes >= STRIKES;
  }
}
