/** What nobody is told of, and which work is announced: what goes on and what is to come, and how to end it. */
import type { ComponentChildren } from "preact";
import type { components } from "../../generated/api";
import { send } from "../../screen/api";
import { inWords } from "../forms/recurrence";
import { kindOf, may, nameOf } from "../here";
import { asking, Listed, useList } from "../parts/asked";
import { Columns } from "../parts/columns";
import { Heading } from "../parts/heading";
import { Act } from "../parts/sending";
import { Moment, Span } from "../parts/time";
import { toDevice } from "../router";
import { say as told } from "../words";
import { say } from "./words";

type Silence = components["schemas"]["SilenceShape"];
type Maintenance = components["schemas"]["MaintenanceShape"];

export default function SilencesPage() {
  return (
    <>
      <Heading title={told("silences")} />
      <Silences />
      <Work />
    </>
  );
}

function Silences() {
  return (
    <Ending<Silence>
      path="/api/v1/silences"
      name="silences"
      last="holds"
      also={(one) => one.ends_on_recovery && say("recovery")}
      lastOf={(one) => one.silenced}
    />
  );
}

function Work() {
  return (
    <Ending<Maintenance>
      path="/api/v1/maintenance"
      name="work"
      last="next"
      also={(one) => one.rrule && inWords(one.rrule)}
      lastOf={(one) => <Moment at={one.next?.since} />}
    />
  );
}

interface Terms {
  id: number;
  match: Record<string, unknown>;
  since: string;
  until: string;
  reason: string;
  owner: string;
}

interface EndingProps<One> {
  path: string;
  name: "silences" | "work";
  /** The word over the last column, in which `lastOf` stands; `also` stands beside the time. */
  last: "holds" | "next";
  also: (one: One) => ComponentChildren;
  lastOf: (one: One) => ComponentChildren;
}

/** What lasts until its time is over or an operator ends it. */
function Ending<One extends Terms>({ path, name, last, also, lastOf }: EndingProps<One>) {
  const list = useList<One>(asking(path, { active: "true" }));
  const end = (id: number) => async () => {
    await send("DELETE", `${path}/${id}`);
    list.reload();
  };
  return (
    <section aria-labelledby={name}>
      <h2 id={name}>{say(name)}</h2>
      <Listed of={list}>
        {(items) => (
          <table class="rows">
            <Head last={say(last)} />
            <tbody>
              {items.map((one) => (
                <tr key={one.id}>
                  <td>
                    <Match match={one.match} />
                  </td>
                  <td data-label={told("time")}>
                    <Span since={one.since} until={one.until} /> {also(one)}
                  </td>
                  <td data-label={told("reason")}>{one.reason}</td>
                  <td data-label={say("owner")}>{one.owner}</td>
                  <td data-label={say(last)}>{lastOf(one)}</td>
                  {may("operator") && (
                    <td>
                      <Act label={say("end")} act={end(one.id)} sure />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Listed>
    </section>
  );
}

function Head({ last }: { last: string }) {
  return (
    <Columns of={[say("what"), told("time"), told("reason"), say("owner"), last, may("operator") && say("end")]} />
  );
}

const DEVICES = new Set(["id", "device", "below"]);

function Match({ match }: { match: Record<string, unknown> }) {
  const said = Object.entries(match).filter(([, value]) => value != null && JSON.stringify(value) !== "{}");
  return (
    <>
      {said.map(([key, value]) => (
        <span key={key} class="parent">
          {DEVICES.has(key) ? (
            <a href={toDevice(String(value))}>
              {nameOf(String(value))}
              {key === "below" && " + …"}
            </a>
          ) : key === "kind" ? (
            kindOf(String(value)).name
          ) : typeof value === "string" ? (
            value
          ) : (
            JSON.stringify(value)
          )}
        </span>
      ))}
    </>
  );
}
