/** What became of the pages: how many were written, arrived, failed or led to somebody, by incident and in all. */
import type { components } from "../../generated/api";

export type Page = components["schemas"]["NotificationShape"];
export type Pages = components["schemas"]["Notifications"];

export interface Sent {
  written: number;
  delivered: number;
  failed: number;
  /** Of what is wrong, not of its end, which nobody need take. */
  acknowledged: number;
}

const NONE: Sent = { written: 0, delivered: 0, failed: 0, acknowledged: 0 };

export function tally(pages: Iterable<Page>): Sent {
  const sent = { ...NONE };
  for (const { delivered_at, failed_at, status, acknowledged } of pages) {
    sent.written += 1;
    if (acknowledged && status === "firing") sent.acknowledged += 1;
    if (delivered_at) sent.delivered += 1;
    else if (failed_at) sent.failed += 1;
  }
  return sent;
}

/**
 * By incident, of what was asked for; null of one about which nothing can be said, since its pages may be older than
 * the oldest that was answered.
 */
export function sentOf(incident: { id: number; opened_at: string }, { items, next }: Pages): Sent | null {
  const sent = tally(items.filter((page) => page.incident === incident.id));
  const oldest = items.at(-1)?.created_at;
  const whole = next === null || (oldest !== undefined && Date.parse(oldest) <= Date.parse(incident.opened_at));
  return sent.written > 0 || whole ? sent : null;
}

/** Whether what was asked for at that moment can tell anything of an incident's pages: not before there was one. */
export const tellsOf = (askedAt: number | null, { opened_at }: { opened_at: string }): boolean =>
  askedAt !== null && askedAt >= Date.parse(opened_at);

/** Those since a moment; `whole` is false where there may be more of them than were answered. */
export function since({ items, next }: Pages, millis: number): { pages: Page[]; whole: boolean } {
  const pages = items.filter(({ created_at }) => Date.parse(created_at) >= millis);
  return { pages, whole: next === null || pages.length < items.length };
}
