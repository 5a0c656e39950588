/** Which critical incidents are to be heard: each once, and none that was there before somebody could hear it. */

const KEPT = 200;

export class Alarm {
  private readonly known: Set<number>;
  private begun = false;

  /** `known`: those that were there, or were heard, before the page was loaded anew. */
  constructor(known: Iterable<number> = []) {
    this.known = new Set(known);
  }

  /** True when one of these is new. The first time none is. */
  hear(critical: readonly number[]): boolean {
    const news = critical.some((id) => !this.known.has(id)) && this.begun;
    this.begun = true;
    for (const id of critical) this.known.add(id);
    return news;
  }

  /** What to keep: the newest of them. */
  get kept(): number[] {
    return [...this.known].sort((one, other) => one - other).slice(-KEPT);
  }
}
