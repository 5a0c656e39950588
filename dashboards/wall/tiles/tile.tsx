/** A tile: what it shows, how old that is, and hatched when that is older than its own cadence. */
import { type ReadonlySignal, useComputed, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect } from "preact/hooks";
import { tick } from "../../screen/clock";
import { ageOf } from "../../screen/freshness";
import { whole } from "../../screen/values";
import { say } from "../../screen/words";
import { tell } from "../words";

interface Given {
  /** What tests and styles know it by. */
  name: string;
  title: string;
  /** Of when its data is, server time in ms; null where there is none yet. */
  at: ReadonlySignal<number | null>;
  /** How often that should be newer. */
  everySeconds: number;
  aside?: ComponentChildren;
  children: ComponentChildren;
}

export function Tile({ name, title, at, everySeconds, aside, children }: Given) {
  const id = useId();
  const old = useOld(at, everySeconds);
  return (
    <section class={`tile ${name}${old.value ? " old" : ""}`} data-tile={name} aria-labelledby={id}>
      <div class="head">
        <h2 id={id}>{title}</h2>
        {aside}
        <Age at={at} everySeconds={everySeconds} />
      </div>
      <div class="body">{children}</div>
    </section>
  );
}

/** How many there are, and how many of them found no room. */
export function Counted({ count, shown }: { count: number; shown: number }) {
  if (count === 0) return null;
  return (
    <>
      <span class="count">{whole(count)}</span>
      {count > shown && <span class="more">{`+ ${whole(count - shown)} ${tell("more")}`}</span>}
    </>
  );
}

/** Whether it is older than its cadence; changes seldom, however often it is reckoned. */
export function useOld(at: ReadonlySignal<number | null>, everySeconds: number): ReadonlySignal<boolean> {
  const source = useLatest(at);
  const cadence = useLatest(everySeconds);
  return useComputed(() => ageOf(source.value.value, tick.value, cadence.value).old);
}

export function Age({ at, everySeconds }: { at: ReadonlySignal<number | null>; everySeconds: number }) {
  const { millis, text } = ageOf(at.value, tick.value, everySeconds);
  return <small class="age">{millis === null ? text : `${text} ${say("ago")}`}</small>;
}

/** A signal of what a component was given last. */
function useLatest<Value>(given: Value): ReadonlySignal<Value> {
  const latest = useSignal(given);
  useLayoutEffect(() => {
    latest.value = given;
  }, [given]);
  return latest;
}
