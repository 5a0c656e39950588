/** What is asked of the API while it is looked at: loading, refused, there, or there but old. */
import { effect, type ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Away, getJson, Problem } from "../../screen/api";
import { serverNow, tick } from "../../screen/clock";
import { ageOf } from "../../screen/freshness";
import { type Remote, remote } from "../../screen/remote";
import { duration } from "../../screen/values";
import { changesOf } from "../here";
import { say } from "../words";

/** What the stream tells within so long is asked for once. */
const SETTLE_MS = 500;

type Asking<Answer> = (path: string, init: RequestInit) => Promise<Answer>;

/** Asked again every so often, and soon after `when` changes; anew where the path is another. */
export function useRemote<Answer>(
  path: string,
  everySeconds: number,
  { when, ask }: { when?: ReadonlySignal<unknown>; ask?: Asking<Answer> } = {},
): Remote<Answer> {
  const made = useMemo(() => remote<Answer>(() => path, everySeconds, ask), [path, everySeconds]);
  useEffect(() => made.stop, [made]);
  useEffect(() => {
    let first = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = () => {
      timer = undefined;
      void made.refresh();
    };
    const stop = effect(() => {
      void when?.value;
      if (!first) timer ??= setTimeout(again, SETTLE_MS);
      first = false;
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [made, when]);
  return made;
}

export const useChanges = (id: string): ReadonlySignal<string> => useMemo(() => changesOf(id), [id]);

export function faultText(fault: Error): string {
  if (fault instanceof Away) return say("away");
  if (fault instanceof Problem && fault.status === 403) return `${say("refused_role")} (${fault.detail})`;
  return fault instanceof Problem ? quoted(fault) : String(fault);
}

export const quoted = ({ detail }: Problem): string => `${say("server_says")} ${detail}`;

/** Draws the answer; hatched and with its age where the last ones did not come. */
export function Asked<Answer>({
  of,
  children,
}: {
  of: Remote<Answer>;
  children: (answer: Answer) => ComponentChildren;
}) {
  const { value, at, fault } = of;
  if (value.value === null) {
    return fault.value === null ? (
      <p class="dim">{say("loading")}</p>
    ) : (
      <p class="fault" role="alert">
        {faultText(fault.value)}
      </p>
    );
  }
  const age = ageOf(at.value, tick.value, of.everySeconds);
  return (
    <div class={age.old ? "old" : undefined}>
      {fault.value !== null && (
        <p class="fault" role="status">
          {faultText(fault.value)} {say("answer_old")}: {duration(age.millis ?? 0)}
        </p>
      )}
      {children(value.value)}
    </div>
  );
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export interface List<Item> {
  items: readonly Item[] | null;
  next: string | null;
  fault: Error | null;
  busy: boolean;
  /** When the newest answer came, server time in ms. */
  at: number | null;
  more(): void;
  reload(): void;
}

type Listing<Item> = Omit<List<Item>, "more" | "reload"> & { pages: number };

const NOTHING = { items: null, next: null, fault: null, busy: true, at: null, pages: 0 };
/** Who has read on keeps what he reads; a first page is asked for again. */
const LIST_SECONDS = 60;

/** A list that is read page by page, as far as somebody asks. `path` carries its filters already. */
export function useList<Item>(path: string): List<Item> {
  const [state, set] = useState<Listing<Item>>(NOTHING);
  const [turn, again] = useState(0);
  const ask = async (cursor: string | null, signal?: AbortSignal) => {
    set((known) => ({ ...known, busy: true }));
    try {
      const page = await getJson<Page<Item>>(withCursor(path, cursor), signal ? { signal } : {});
      set((known) => ({
        items: cursor === null ? page.items : [...(known.items ?? []), ...page.items],
        next: page.next,
        fault: null,
        busy: false,
        at: serverNow(),
        pages: cursor === null ? 1 : known.pages + 1,
      }));
    } catch (error) {
      if (!signal?.aborted) set((known) => ({ ...known, fault: error as Error, busy: false }));
    }
  };
  useEffect(() => {
    const leaving = new AbortController();
    void ask(null, leaving.signal);
    return () => leaving.abort();
  }, [path, turn]);
  const readOn = state.pages > 1;
  useEffect(() => {
    if (readOn) return;
    const timer = setInterval(() => again((count) => count + 1), LIST_SECONDS * 1_000);
    return () => clearInterval(timer);
  }, [path, readOn]);
  return {
    ...state,
    more: () => {
      if (!state.busy && state.next !== null) void ask(state.next);
    },
    reload: () => again((count) => count + 1),
  };
}

const withCursor = (path: string, cursor: string | null): string =>
  cursor === null ? path : `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;

export function Listed<Item>({
  of,
  children,
}: {
  of: List<Item>;
  children: (items: readonly Item[]) => ComponentChildren;
}) {
  const age = ageOf(of.at, tick.value, LIST_SECONDS);
  return (
    <div class={of.items !== null && age.old ? "old" : undefined}>
      {of.fault && (
        <p class="fault" role="alert">
          {faultText(of.fault)}{" "}
          <button type="button" onClick={of.reload}>
            {say("retry")}
          </button>
        </p>
      )}
      {of.items === null && !of.fault && <p class="dim">{say("loading")}</p>}
      {of.items?.length === 0 && <p class="dim">{say("nothing")}</p>}
      {of.items !== null && of.items.length > 0 && children(of.items)}
      {of.next !== null && (
        <button type="button" onClick={of.more} disabled={of.busy}>
          {say("more")}
        </button>
      )}
      {of.at !== null && age.old && (
        <p class="dim">
          {say("answer_old")}: {age.text}{" "}
          <button type="button" onClick={of.reload}>
            {say("retry")}
          </button>
        </p>
      )}
    </div>
  );
}

/** A path with those parameters that say something. */
export function asking(path: string, parameters: Record<string, string | number | null | undefined>): string {
  const told = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const query = new URLSearchParams(told.map(([key, value]) => [key, String(value)])).toString();
  return query ? `${path}?${query}` : path;
}
