/** A camera's pictures: the latest with the time at which it was taken, and those that were kept. */
import { useEffect, useState } from "preact/hooks";
import type { components } from "../../generated/api";
import { ask, Problem } from "../../screen/api";
import { serverNow, tick, timeZone } from "../../screen/clock";
import { about } from "../here";
import { asking, faultText, Listed, useList } from "../parts/asked";
import { Field } from "../parts/sending";
import { Aged, Moment } from "../parts/time";
import { dateOf, dayStart, momentIn } from "../zone";
import { say } from "./words";

type Kept = components["schemas"]["KeptFrameShape"];

const EVERY_MS = 5_000;
const LIMIT_MS = 15_000;
const WIDTH = 960;

interface Picture {
  url: string | null;
  at: string | null;
  fault: string | null;
}

const NOTHING: Picture = { url: null, at: null, fault: null };

export function Frames({ id, name }: { id: string; name: string }) {
  return (
    <section aria-labelledby="frames">
      <h2 id="frames">{say("frames")}</h2>
      <Latest id={id} name={name} />
      <KeptFrames id={id} />
    </section>
  );
}

/** Asked for again and again while somebody looks: each look is written down (UU 27/2022). */
function useLatest(id: string): Picture {
  const [picture, show] = useState(NOTHING);
  useEffect(() => {
    const leaving = new AbortController();
    let url: string | null = null;
    let looking = false; // two at once could answer in any order, and the older picture stay
    const look = async () => {
      if (document.hidden || looking) return;
      looking = true;
      try {
        const answer = await ask(`/api/v1/cameras/${encodeURIComponent(id)}/frame.jpg?width=${WIDTH}`, {
          signal: AbortSignal.any([leaving.signal, AbortSignal.timeout(LIMIT_MS)]),
        });
        const next = URL.createObjectURL(await answer.blob());
        if (url) URL.revokeObjectURL(url);
        url = next;
        show({ url, at: answer.headers.get("X-Captured-At"), fault: null });
      } catch (error) {
        if (!leaving.signal.aborted) show((known) => ({ ...known, fault: pictureFault(error) }));
      } finally {
        looking = false;
      }
    };
    void look();
    const timer = setInterval(look, EVERY_MS);
    return () => {
      clearInterval(timer);
      leaving.abort();
      if (url) URL.revokeObjectURL(url);
    };
  }, [id]);
  return picture;
}

const pictureFault = (error: unknown): string =>
  error instanceof Problem && error.status === 503 ? say("no_picture") : faultText(error as Error);

function Latest({ id, name }: { id: string; name: string }) {
  const { url, at, fault } = useLatest(id);
  // A tab that slept, or a line that hangs: what is too old to be served is too old to be shown.
  const late = at !== null && tick.value - Date.parse(at) > about().frame_fresh_seconds * 1_000;
  return (
    <figure class={fault || late ? "picture old" : "picture"}>
      {url && !fault && !late && <img src={url} alt={`${say("latest")}: ${name}`} />}
      {fault && (
        <p class="fault" role="status">
          {fault}
        </p>
      )}
      {at && (
        <figcaption>
          <Aged at={at} cadence={about().frame_fresh_seconds / 2}>
            {say("captured")} <Moment at={at} />
          </Aged>
        </figcaption>
      )}
    </figure>
  );
}

function KeptFrames({ id }: { id: string }) {
  const today = dateOf(serverNow(), timeZone());
  const [day, choose] = useState(today);
  const from = momentIn(day, timeZone());
  return (
    <>
      <h3>{say("kept")}</h3>
      <div class="day">
        <Field label={`${say("on_day")} (${about().zone_label})`}>
          <input type="date" value={day} max={today} onChange={(event) => choose(event.currentTarget.value || today)} />
        </Field>
      </div>
      <OfDay id={id} from={from} to={dayStart(from, timeZone(), 1)} />
    </>
  );
}

function OfDay({ id, from, to }: { id: string; from: number; to: number }) {
  const list = useList<Kept>(
    asking(`/api/v1/cameras/${encodeURIComponent(id)}/frames`, {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      limit: 24,
    }),
  );
  return (
    <Listed of={list}>
      {(items) => (
        <ul class="kept">
          {items.map((frame) => (
            <li key={frame.name}>
              <a href={frame.url} target="_blank" rel="noreferrer">
                <img src={frame.url} loading="lazy" alt="" width="240" height="135" />
                <span>
                  <Moment at={frame.captured_at} /> · {occasion(frame.reason)}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Listed>
  );
}

/** `regular`, `change`, or an occasion with `-before` or `-after`. */
function occasion(reason: string): string {
  if (reason === "regular" || reason === "change") return say(reason);
  const [, what = reason, when] = /^(.*)-(before|after)$/.exec(reason) ?? [];
  const word = what === "alert" ? say("alert") : (about().kinds.camera?.metrics[what]?.name ?? what);
  return when === "before" || when === "after" ? `${say(when)} ${word}` : word;
}
