/** Asking the API. Whatever it refuses is a problem (RFC 9457) with a sentence for people, in the page's language. */
import { language } from "./words";

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(detail);
  }
}

/** The server could not be reached at all. */
export class Away extends Error {}

/** Raises Problem, Away. */
export async function getJson<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  return (await (await ask(path, init)).json()) as Answer;
}

/** Raises Problem, Away. Answers null where there is no body. */
export async function send<Answer>(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Answer | null> {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  const answer = await ask(path, { method, ...json });
  return answer.status === 204 ? null : ((await answer.json()) as Answer);
}

/** 304 is an answer too, to whoever asked by ETag. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Accept-Language", language.value);
  const answer = await fetch(path, { ...init, headers }).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new Away(path, { cause });
  });
  if (answer.ok || answer.status === 304) return answer;
  throw await problemOf(answer);
}

async function problemOf(answer: Response): Promise<Problem> {
  const text = await answer.text();
  try {
    const { detail, title } = JSON.parse(text) as { detail?: string; title?: string };
    return new Problem(answer.status, detail ?? title ?? answer.statusText);
  } catch {
    return new Problem(answer.status, answer.statusText); // a proxy's page, not ours
  }
}
