/** Asking the server what is so, and sending what waits; the page does it while it is open, the service worker else. */
import { ask, Problem } from "../screen/api";
import { after, BEGINNING, type Item, isWaiting, next, type Outcome, outcomeOf, settled, told } from "./queue";
import type { Kept, PhoneState } from "./shapes";
import * as store from "./store";

export type Reach = "reached" | "away" | "stranger" | "forbidden";

const LOOK_MS = 45_000;
const SEND_MS = 60_000;
/** 300 kB at 20 kbit/s take two minutes. */
const PHOTO_MS = 300_000;

/**
 * First who we are and what is so, then what waits, oldest first, then how it stands after that. `lang` null: as last
 * time. `clock` hears the server's time. Raises nothing that a bad line or a server can cause.
 */
export async function synchronise(lang: string | null, clock: (serverTime: number) => void = () => {}): Promise<Reach> {
  try {
    const { body } = await look(lang, clock);
    if (!(await waits(body.me.account))) return "reached";
    const reach = await alone(() => sendAll(body.me.account, body.server_time));
    if (reach === "reached") await look(lang, clock);
    return reach;
  } catch (error) {
    return reachOf(error);
  }
}

export async function waits(account: string): Promise<boolean> {
  return (await store.items()).some((item) => isWaiting(item) && item.account === account);
}

function reachOf(error: unknown): Reach {
  if (error instanceof Problem && error.status === 403) return "forbidden";
  const outcome = outcomeOf(error);
  return outcome.kind === "stranger" ? "stranger" : "away";
}

/** Two pages, or a page and the service worker, send one after the other: the second finds nothing left. */
async function alone<Result>(act: () => Promise<Result>): Promise<Result> {
  return navigator.locks ? await navigator.locks.request("pantau-phone", () => act()) : await act();
}

/** The server's word; what was sent before it was asked is told by it, and leaves the queue. */
async function look(asked: string | null, clock: (serverTime: number) => void): Promise<Kept> {
  const [known, departures] = [await store.kept(), await store.departures()];
  const lang = asked ?? known?.lang ?? "";
  const sent = (await store.items()).filter(({ fate }) => fate.kind === "sent");
  const state = await fetched(known?.lang === lang ? known : null, lang);
  clock(state.at);
  await store.keep(state, departures);
  for (const { key } of sent) await store.change(key, (item) => told(item, state.body));
  return state;
}

async function fetched(known: Kept | null, lang: string): Promise<Kept> {
  const answer = await ask(`/api/v1/phone${lang && `?lang=${lang}`}`, {
    headers: known?.etag ? { "If-None-Match": known.etag } : {},
    cache: "no-store",
    signal: AbortSignal.timeout(LOOK_MS),
  });
  if (answer.status === 304 && known) return { ...known, at: Date.parse(answer.headers.get("X-Server-Time") ?? "") };
  const body = (await answer.json()) as PhoneState;
  return { body, etag: answer.headers.get("ETag"), lang, at: Date.parse(body.server_time) };
}

async function sendAll(account: string, now: string): Promise<Reach> {
  let round = BEGINNING;
  for (;;) {
    const item = next(await store.items(), account, round);
    if (!item) return round.ended ?? (round.held.size ? "away" : "reached");
    const outcome = await attempt(item, now);
    round = after(round, item, outcome);
    await store.change(item.key, (current) => settled(current, outcome));
  }
}

/** One honest attempt. A phone that ran ahead says nothing of the future. */
async function attempt(item: Item, now: string): Promise<Outcome> {
  const at = Date.parse(item.at) > Date.parse(now) ? now : item.at;
  try {
    const answer = (await (await post(item, at)).json()) as { changed?: unknown[]; state?: string };
    return { kind: "arrived", changed: answer.changed?.length !== 0, over: answer.state === "resolved" };
  } catch (error) {
    return outcomeOf(error);
  }
}

function post({ incident, key, deed, image }: Item, at: string): Promise<Response> {
  const path = `/api/v1/incidents/${incident}`;
  switch (deed.kind) {
    case "acknowledge":
      return postJson(`${path}/acknowledge`, { at });
    case "note":
      return postJson(`${path}/notes`, { key, at, text: deed.text });
    case "photo": {
      const query = new URLSearchParams({ key, at, text: deed.text });
      const signal = AbortSignal.timeout(PHOTO_MS);
      return ask(`${path}/photos?${query}`, {
        method: "POST",
        headers: { "Content-Type": "image/jpeg" },
        body: image,
        signal,
      });
    }
  }
}

function postJson(path: string, body: unknown): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(SEND_MS) });
}
