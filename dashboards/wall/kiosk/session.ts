/** A screen without hands is never left on a page to log in: it keeps what it has, says so, and tries again. */
import { effect, signal } from "@preact/signals";
import { live } from "../../screen/link";
import { toLogin } from "../../screen/page";

const KEY = "pantau.kiosk";

/** The server does not know this screen any more. */
export const stranger = signal(false);
effect(() => {
  if (live.value) stranger.value = false;
});

/** Remember whether this is a screen of its own, with a session of the role wall, or somebody's who has hands. */
export function remember(role: string): void {
  localStorage.setItem(KEY, String(role === "wall"));
}

/** Heard 401. */
export function unknownVisitor(): void {
  if (localStorage.getItem(KEY) === "true") stranger.value = true;
  else toLogin();
}

/** What a built page names, of which every file is kept by the browser for ever. */
const NAMED = /(?:src|href)="(\/assets\/[^"]+)"/g;

/**
 * Whether the page would come back if it were loaded now: a browser's own error page has no script that tries again,
 * and neither has a page whose script did not come. Once asked for, its files are there.
 */
export async function wouldLoad(): Promise<boolean> {
  try {
    const page = await fetch(location.pathname, { redirect: "manual", cache: "no-store" });
    if (!page.ok) return false;
    const files = [...(await page.text()).matchAll(NAMED)].map(([, path = ""]) => fetch(path));
    return (await Promise.all(files)).every(({ ok }) => ok);
  } catch {
    return false;
  }
}
