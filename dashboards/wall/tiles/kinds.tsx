/** Counts by kind and state, with how much of today each kind was there. */
import { useComputed } from "@preact/signals";
import { WORST_FIRST } from "../../screen/city";
import { tick } from "../../screen/clock";
import { ageOf } from "../../screen/freshness";
import type { State } from "../../screen/shapes";
import { StateShape } from "../../screen/shapes_of_states";
import { percent, whole } from "../../screen/values";
import { say } from "../../screen/words";
import type { View } from "../view";
import { tell } from "../words";
import type { KindCount } from "./census";
import { Age, useOld } from "./tile";

export function Kinds({ view }: { view: View }) {
  return (
    <section class="kinds" data-tile="kinds" aria-label={tell("kinds")}>
      <Today view={view} />
      <ul id="counts">
        {view.kinds.value.map((count) => (
          <Kind key={count.kind} view={view} {...count} />
        ))}
      </ul>
    </section>
  );
}

/** Of all devices together. */
function Today({ view: { availability } }: { view: View }) {
  const old = useOld(availability.at, availability.everySeconds);
  const items = availability.value.value?.items ?? [];
  const seconds = items.reduce(
    (sum, row) => sum + row.seconds.up + row.seconds.down + row.seconds.upstream + row.seconds.power,
    0,
  );
  const up = items.reduce((sum, row) => sum + row.seconds.up, 0);
  return (
    <div class={`tile today${old.value ? " old" : ""}`} data-tile="availability">
      <h2>{tell("availability_today")}</h2>
      <p class="figure">{percent(seconds > 0 ? up / seconds : null)}</p>
      <Age at={availability.at} everySeconds={availability.everySeconds} />
    </div>
  );
}

function Kind({ view, kind, counts, worst }: KindCount & { view: View }) {
  const { name = kind, interval_seconds: interval = 60 } = view.about.kinds[kind] ?? {};
  const at = useComputed(() => view.heard.value.get(kind) ?? null);
  const old = useOld(at, interval);
  const present = WORST_FIRST.filter((state) => counts[state] > 0);
  return (
    <li class={`tile kind ${worst}${old.value ? " old" : ""}`} data-kind={kind} data-state={worst}>
      <h3>{name}</h3>
      <p class="states">
        {present.map((state, place) => (
          <span key={state} class={place === 0 ? first(state, counts[state]) : state} data-count={state}>
            <StateShape look={state} /> {whole(counts[state])}
          </span>
        ))}
      </p>
      <p class="under">
        <Share view={view} kind={kind} /> <small class="age">{ageOf(at.value, tick.value, interval).text}</small>
      </p>
    </li>
  );
}

/** A tile has room for two large digits. */
const first = (state: State, count: number): string =>
  `first ${state}${count > 99 ? (count > 999 ? " longer" : " long") : ""}`;

function Share({ view: { availability }, kind }: { view: View; kind: string }) {
  const old = useOld(availability.at, availability.everySeconds);
  const row = availability.value.value?.items.find(({ id }) => id === kind);
  return (
    <small class={old.value ? "share old" : "share"} title={tell("availability_today")}>
      {percent(row?.availability ?? null, row?.availability === 1 ? 0 : 1)}{" "}
      <span class="unseen">{`${tell("today")}, ${say("since")} 00:00`}</span>
    </small>
  );
}
