/** The service worker: keeps the shell, opens it without a network, and sends what waits when the browser finds one. */
/// <reference lib="webworker" />

import { language } from "../screen/words";
import { isWaiting } from "./queue";
import { items, kept as lastWord } from "./store";
import { synchronise } from "./sync";

// Put in when the pages are built (shell.ts): the page and what it names, and the name of this very build.
declare const SHELL: readonly string[];
declare const BUILD: string;
declare const self: ServiceWorkerGlobalScope;

/** A browser that can be asked to wake us when there is a network. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const OURS = "pantau-phone-";
const CACHE = OURS + BUILD;
const PAGE = "/phone";

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" ? pathname === PAGE : SHELL.includes(pathname)) {
    event.respondWith(kept(pathname, request));
  }
});

self.addEventListener("sync" as "message", (event: ExtendableEvent) => {
  if ((event as SyncEvent).tag === "pantau-phone") event.waitUntil(sendWaiting());
});

/** All of it or nothing: a shell without one of its files would be a page that does not open in a valley. */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(SHELL.map((path) => fetchInto(cache, path)));
  await self.skipWaiting();
}

/** Who is logged out is sent to the login page, which is no part of the shell. */
async function fetchInto(cache: Cache, path: string): Promise<void> {
  const answer = await fetch(path, { cache: path === PAGE ? "no-cache" : "default" });
  if (!answer.ok || answer.redirected) throw new Error(`${path}: ${answer.status}`);
  await cache.put(path, answer);
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** From the cache first: on 2G a question whether the shell still holds would cost seconds; a new one comes by itself. */
async function kept(path: string, request: Request): Promise<Response> {
  return (await caches.match(path)) ?? fetch(request);
}

/** Raises where something still waits, so that the browser tries again later. */
async function sendWaiting(): Promise<void> {
  const known = await lastWord();
  if (known) language.value = known.body.language; // in which a refusal is said
  const reach = await synchronise(null);
  if (reach === "away" && (await items()).some(isWaiting)) throw new Error("the server is out of reach");
}
