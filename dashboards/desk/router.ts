/** Which of the operator's pages an address names, and going there without fetching the same document anew. */
import { signal } from "@preact/signals";

export interface Place {
  /** "" is the first page. */
  section: string;
  id: string | null;
  query: URLSearchParams;
}

const DESK = /^\/desk(?:\/([^/]+))?(?:\/([^/]+))?\/?$/;

/** Null for an address that is none of ours. */
export function placeOf(url: URL): Place | null {
  const found = DESK.exec(url.pathname);
  if (!found) return null;
  return {
    section: decoded(found[1] ?? ""),
    id: found[2] === undefined ? null : decoded(found[2]),
    query: url.searchParams,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray percent sign is a name like any other
  }
}

const here = () => placeOf(new URL(location.href)) ?? { section: "", id: null, query: new URLSearchParams() };
export const place = signal<Place>(here());
/** Whether the visitor came here from another of our pages: then the heading takes the focus. */
export const moved = signal(false);

/** An address of ours; a language that was asked for stays asked for. */
export function to(path: string, query: Record<string, string> = {}): string {
  const lang = new URLSearchParams(location.search).get("lang");
  const all = new URLSearchParams({ ...query, ...(lang ? { lang } : {}) }).toString();
  return `${path}${all ? `?${all}` : ""}`;
}

export const toDevice = (id: string): string => to(`/desk/devices/${encodeURIComponent(id)}`);
export const toIncident = (id: number): string => to(`/desk/incidents/${id}`);

export function go(href: string): void {
  history.pushState(null, "", href);
  arrive();
}

/** Another query of the same page, with no step for Back. */
export function refine(query: Record<string, string>): void {
  const told = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
  history.replaceState(null, "", to(location.pathname, told));
  place.value = here();
}

function arrive(): void {
  moved.value = true;
  place.value = here();
}

/** Links are links; those to our own pages are followed here, unless the server has another build of them by now. */
export function route(outdated: () => boolean = () => false): void {
  addEventListener("popstate", arrive);
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !plain(event) || link.target || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || link.hash || !placeOf(new URL(link.href))) return;
    if (outdated()) return;
    event.preventDefault();
    if (link.href === location.href) arrive();
    else go(link.href);
  });
}

const plain = (event: MouseEvent): boolean =>
  event.button === 0 && !event.defaultPrevented && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
