/** The link to the server: the live stream, and whether it still tells what is so now. */
import { computed, signal } from "@preact/signals";
import type { City } from "./city";
import { hear, serverNow, synchronise, tick } from "./clock";
import { Doubt, SILENT_MS } from "./doubt";
import { Lateness } from "./lateness";
import type { Message, Summary } from "./shapes";

const RETRY_MS = 2_000;
/** Who takes a request and does not answer is away too; else the page would wait for him when he is back. */
const ANSWER_MS = 5_000;
/** So often the time is asked for: an answer is not held back as a stream may be, and so tells how late that is. */
const ASK_MS = 60_000;
/** What came within so long is drawn together. */
const DRAW_MS = 200;

/** When the stream was last heard, on the monotonic clock. */
const heard = signal<number | null>(null);
/** When the server last read its database, by its own clock: as old is all that the stream tells. */
export const readAt = signal<number | null>(null);

/** Since when the centre itself does not see, as it says: milliseconds since the epoch. */
export const blindSince = signal<number | null>(null);
/** The build of the pages that the server has now. */
export const build = signal<string | null>(null);

/** Since when what is shown is not known to hold any more: milliseconds since the epoch, null while it is live. */
export const frozenSince = computed<number | null>(() => {
  void tick.value;
  const now = serverNow();
  if (heard.value === null) return null;
  const silentFor = performance.now() - heard.value;
  if (silentFor > SILENT_MS) return Math.min(now - silentFor, readAt.value ?? Number.POSITIVE_INFINITY);
  return readAt.value !== null && doubt.holds(now - readAt.value, now) ? readAt.value : null;
});

const doubt = new Doubt();

export const live = computed(() => heard.value !== null && frozenSince.value === null);

/** Whether the stream was ever heard: before that there is nothing to be frozen. */
export const begun = computed(() => heard.value !== null);

function take(city: City, message: Message): void {
  heard.value = performance.now();
  if (message.type === "heartbeat") {
    hear(message.data.server_time);
    looked(parsed(message.data.read_at));
    blindSince.value = parsed(message.data.blind_since);
    build.value = message.data.build;
    return;
  }
  if (message.type === "snapshot") {
    // As old as the server's last look; the heartbeat that follows it at once tells the time.
    if (Number.isNaN(serverNow())) synchronise(message.at);
    blindSince.value = parsed(message.data.summary.blind_since);
  }
  looked(Math.max(readAt.value ?? 0, Date.parse(message.at)));
  city.take(message);
}

function looked(at: number | null): void {
  if (at !== null) doubt.hear(serverNow() - at);
  readAt.value = at;
}

const parsed = (time: string | null): number | null => (time === null ? null : Date.parse(time));

/**
 * Keep the city up to date for as long as the page lives. EventSource connects again by itself after a cut, but gives
 * up for ever after one refusal; so connecting anew is done here. `refused` hears the status of such a refusal.
 */
export function connect(city: City, refused: (status: number) => void): () => void {
  let source: EventSource;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let drawing: ReturnType<typeof setTimeout> | undefined;
  let opened = performance.now();

  const draw = () => {
    drawing = undefined;
    city.publish();
  };
  const open = () => {
    opened = performance.now();
    source = new EventSource("/api/v1/events?snapshot=columns");
    const lateness = new Lateness();
    source.onmessage = (event) => {
      const message = JSON.parse(event.data) as Message;
      // It would put back the clock, and with it every age. What is behind it is dropped for a fresh snapshot.
      if (message.type === "heartbeat" && lateness.hear(Date.parse(message.data.server_time), performance.now())) {
        again();
        return;
      }
      take(city, message);
      drawing ??= setTimeout(draw, DRAW_MS);
    };
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) again();
    };
  };
  const again = () => {
    source.close();
    retry ??= setTimeout(async () => {
      const status = await ask(synchronise);
      retry = undefined;
      if (status !== null && status >= 400) refused(status);
      open();
    }, RETRY_MS);
  };
  // A connection that stands while nothing comes is dead, whatever the browser thinks: a cut cable says nothing.
  const watch = setInterval(() => {
    const sign = Math.max(heard.peek() ?? 0, opened);
    if (performance.now() - sign > 2 * SILENT_MS) again();
  }, 1_000);

  const asking = setInterval(() => void ask(hear), ASK_MS);

  open();
  return () => {
    clearInterval(watch);
    clearInterval(asking);
    clearTimeout(retry);
    clearTimeout(drawing);
    source.close();
  };
}

/** The status of a small request, and the server's time by it; null while the server is away. */
async function ask(tell: (serverTime: string) => void): Promise<number | null> {
  try {
    const answer = await fetch("/api/v1/summary", { signal: AbortSignal.timeout(ANSWER_MS) });
    if (answer.ok) tell(((await answer.json()) as Summary).server_time);
    return answer.status;
  } catch {
    return null; // the page says it is frozen, and the next attempt follows
  }
}
