/** Pictures of cameras, asked for again and again; what is too old is no picture. */

export interface Frame {
  /** Milliseconds since the epoch: when it was taken, not when it came. */
  capturedAt: number;
  /** Null where it is the very picture that was there before. */
  picture: ImageBitmap | null;
}

/** There is none of now; `capturedAt` of the last, where that is known. */
export interface Missing {
  capturedAt: number | null;
  picture: "none";
}

/** A browser opens six connections to a server, and one is the live stream: pictures take turns over a few. */
const AT_ONCE = 3;
const LIMIT_MS = 8_000;

/** Hands out so many tickets, and lets the others wait in line. */
export class Lane {
  private waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async run<Answer>(job: () => Promise<Answer>): Promise<Answer> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((go) => this.waiting.push(go));
    try {
      return await job();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

const lane = new Lane(AT_ONCE);

/**
 * Ask for a camera's picture every so many seconds until the returned function is called. While nobody answers nothing
 * is told: what is there grows old, and whoever draws it sees that it does.
 */
export function watch(
  id: string,
  width: number,
  everySeconds: number,
  take: (frame: Frame | Missing) => void,
): () => void {
  const stopped = new AbortController();
  let tag: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const once = async () => {
    if (stopped.signal.aborted) return;
    const answer = await ask(id, width, tag, AbortSignal.any([stopped.signal, AbortSignal.timeout(LIMIT_MS)]));
    if (answer && !stopped.signal.aborted) {
      tag = answer.tag;
      take(answer.frame);
    }
  };
  const again = async () => {
    await lane.run(once);
    if (!stopped.signal.aborted) timer = setTimeout(again, everySeconds * 1_000);
  };
  void again();
  return () => {
    clearTimeout(timer);
    stopped.abort();
  };
}

interface Answer {
  tag: string | null;
  frame: Frame | Missing;
}

async function ask(id: string, width: number, tag: string | null, signal: AbortSignal): Promise<Answer | null> {
  const headers: HeadersInit = tag ? { "If-None-Match": tag } : {};
  try {
    const path = `/api/v1/cameras/${encodeURIComponent(id)}/frame.jpg?width=${width}`;
    return await read(await fetch(path, { headers, signal, cache: "no-store" }));
  } catch {
    return null; // cut off, too slow, or no picture after all: its age says so
  }
}

async function read(answer: Response): Promise<Answer | null> {
  const capturedAt = Date.parse(answer.headers.get("X-Captured-At") ?? "");
  if (answer.status === 304) return { tag: answer.headers.get("ETag"), frame: { capturedAt, picture: null } };
  if (answer.ok) {
    const picture = await createImageBitmap(await answer.blob());
    return { tag: answer.headers.get("ETag"), frame: { capturedAt, picture } };
  }
  if (answer.status !== 503) return null;
  const { captured_at: last } = (await answer.json()) as { captured_at?: string };
  return { tag: null, frame: { capturedAt: last ? Date.parse(last) : null, picture: "none" } };
}
