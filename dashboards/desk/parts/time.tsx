/** Moments in the city's zone, with its label; ages that are hatched when they are older than they should be. */
import type { ComponentChildren } from "preact";
import { dayOf, momentOf, shortTimeOf, tick } from "../../screen/clock";
import { ageOf } from "../../screen/freshness";
import { duration } from "../../screen/values";
import { say } from "../../screen/words";
import { about } from "../here";

export function Moment({ at }: { at: string | null | undefined }) {
  if (!at) return <>–</>;
  return (
    <time dateTime={at}>
      {momentOf(Date.parse(at))} {about().zone_label}
    </time>
  );
}

/** From when till when; the day only once where it is the same. */
export function Span({ since, until }: { since: string; until: string | null }) {
  if (until === null) return <Moment at={since} />;
  const [from, to] = [Date.parse(since), Date.parse(until)];
  const end = dayOf(from) === dayOf(to) ? shortTimeOf(to) : `${dayOf(to)} ${shortTimeOf(to)}`;
  return (
    <span>
      <time dateTime={since}>
        {dayOf(from)} {shortTimeOf(from)}
      </time>
      –<time dateTime={until}>{end}</time> {about().zone_label}
    </span>
  );
}

/** How long ago, while time passes. */
export function Ago({ at }: { at: string | null }) {
  if (at === null) return <>{say("never")}</>;
  return (
    <time dateTime={at} title={momentOf(Date.parse(at))}>
      {duration(tick.value - Date.parse(at))} {say("ago")}
    </time>
  );
}

export function Aged(given: { at: string | null; cadence: number; children: ComponentChildren }) {
  const age = ageOf(given.at === null ? null : Date.parse(given.at), tick.value, given.cadence);
  return (
    <span class={age.old ? "aged old" : "aged"}>
      {given.children}{" "}
      <small class="age">
        {age.text}
        {age.millis === null ? "" : ` ${say("ago")}`}
      </small>
    </span>
  );
}
