/** What is asked for again and again because the stream does not tell it: with its age, so that it can be hatched. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { Away, getJson, Problem } from "./api";
import { serverNow } from "./clock";

export interface Remote<Answer> {
  readonly value: ReadonlySignal<Answer | null>;
  /** When the newest answer was asked for, server time in ms: of later it says nothing. What failed since leaves it old. */
  readonly at: ReadonlySignal<number | null>;
  /** Why the newest request brought nothing; null where it did. */
  readonly fault: ReadonlySignal<Problem | Away | null>;
  readonly everySeconds: number;
  /** Ask now, and not only when it is due. */
  refresh(): Promise<void>;
  stop(): void;
}

type Ask<Answer> = (path: string, init: RequestInit) => Promise<Answer>;

/** `path` is reckoned anew each time. A refused or lost request leaves the last answer, which then grows old in view. */
export function remote<Answer>(
  path: () => string,
  everySeconds: number,
  ask: Ask<Answer> = getJson<Answer>,
): Remote<Answer> {
  const value = signal<Answer | null>(null);
  const at = signal<number | null>(null);
  const fault = signal<Problem | Away | null>(null);
  let asking: Promise<void> | null = null;

  const once = async () => {
    const limit = AbortSignal.timeout(Math.max(5, everySeconds) * 1_000);
    const asked = serverNow();
    try {
      const answer = await ask(path(), { signal: limit });
      value.value = answer;
      at.value = asked;
      fault.value = null;
    } catch (error) {
      // its age says so too
      fault.value = error instanceof Problem || error instanceof Away ? error : new Away(String(error));
    }
  };
  const refresh = () => {
    asking ??= once().finally(() => {
      asking = null;
    });
    return asking;
  };
  const timer = setInterval(refresh, everySeconds * 1_000);
  void refresh();
  return { value, at, fault, everySeconds, refresh, stop: () => clearInterval(timer) };
}
