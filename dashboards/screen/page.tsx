/** What every page does before and beside what it shows: learn of the city, tell the time, say when it is frozen. */
import { type ComponentChildren, render } from "preact";
import { Away, getJson, Problem } from "./api";
import { momentOf, run, synchronise, useZone } from "./clock";
import { blindSince, frozenSince } from "./link";
import type { About } from "./shapes";
import { language, say } from "./words";

const RETRY_MS = 2_000;
/** A server that takes a question and does not answer must not leave a page empty for ever. */
const ANSWER_MS = 10_000;

/** Ask for the city until it answers, and draw. `stranger`: what to do with a visitor whom the server does not know. */
export async function start(draw: (about: About) => ComponentChildren, stranger: () => void = toLogin): Promise<void> {
  const about = await aboutCity(stranger);
  language.value = about.language;
  document.documentElement.lang = about.language;
  document.title = about.title;
  useZone(about.time_zone);
  synchronise(about.server_time);
  run();
  const root = document.getElementById("page");
  if (root) render(draw(about), root);
}

async function aboutCity(stranger: () => void): Promise<About> {
  for (;;) {
    try {
      return await getJson<About>(`/api/v1/city${asked()}`, { signal: AbortSignal.timeout(ANSWER_MS) });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) stranger();
      else if (!passes(error)) throw error;
    }
    await new Promise((done) => setTimeout(done, RETRY_MS));
  }
}

/** Not ours is what cannot be read: a proxy's page that says 200. */
const passes = (error: unknown): boolean =>
  [Problem, Away, DOMException, SyntaxError].some((passing) => error instanceof passing);

/** `?lang=` of this page's own address, which wins over the city's. */
function asked(): string {
  const lang = new URLSearchParams(location.search).get("lang");
  return lang === "id" || lang === "en" ? `?lang=${lang}` : "";
}

export function toLogin(): void {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** Across the page: since when what it shows is not known to hold, or since when the centre itself is blind. */
export function Warning() {
  const frozen = frozenSince.value;
  const blind = blindSince.value;
  document.body.classList.toggle("frozen", frozen !== null);
  document.body.classList.toggle("blind", frozen === null && blind !== null);
  const text =
    frozen !== null
      ? `${say("frozen")} ${momentOf(frozen)}`
      : blind !== null
        ? `${say("blind")} ${momentOf(blind)}`
        : "";
  return (
    <p id="warning" role="alert" hidden={!text}>
      {text}
    </p>
  );
}
