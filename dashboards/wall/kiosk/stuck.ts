/** Whether the page still answers, as somebody beside it sees who goes on when it does not. Knows no browser. */

/** A sign of life, and what to say across the page if no other follows. */
export interface Sign {
  text: string;
  visible: boolean;
}

/** As long as the live stream may be silent. */
const SILENT_MS = 9_000;

/** Ask `check` every second, and let it hear of every sign. */
export class Stuck {
  private last: Sign | null = null;
  private heardAt = 0;
  private checkedAt: number | null = null;

  hear(now: number, sign: Sign): void {
    this.last = sign;
    this.heardAt = now;
  }

  /** What is to be said across the page; null while it answers, and while nobody sees it. */
  check(now: number): string | null {
    // A machine that slept gave no sign either, and needs a moment.
    if (this.checkedAt !== null && now - this.checkedAt > SILENT_MS) this.heardAt = now;
    this.checkedAt = now;
    return this.last?.visible && now - this.heardAt > SILENT_MS ? this.last.text : null;
  }
}
