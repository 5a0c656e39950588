/** One incident: what happened, who was told, what is to be done about it, and where. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { components } from "../../generated/api";
import { Maintain } from "../forms/maintenance";
import { Silence } from "../forms/silence";
import { incidentChanges, may, nameOf } from "../here";
import { Asked, useRemote } from "../parts/asked";
import { Heading } from "../parts/heading";
import { SeverityMark } from "../parts/state";
import { Ago, Moment } from "../parts/time";
import { classWord, say as told } from "../words";
import { Hand } from "./hand";
import { Alerts, Hanging, Held } from "./hanging";
import { takers } from "./rows";
import { SilencedBy } from "./silenced";
import { Timeline } from "./timeline";
import { Told } from "./told";
import { Where } from "./where";
import { say } from "./words";

export type IncidentDetail = components["schemas"]["IncidentDetail"];

const EVERY_SECONDS = 30;

export default function IncidentPage({ id }: { id: string }) {
  const path = `/api/v1/incidents/${encodeURIComponent(id)}`;
  // What is written here changes it too, though the stream does not tell of every word.
  const written = useMemo(() => signal(0), []);
  const when = useMemo(() => {
    const told = incidentChanges(Number(id));
    return computed(() => `${told.value} ${written.value}`);
  }, [id, written]);
  const incident = useRemote<IncidentDetail>(path, EVERY_SECONDS, { when });
  const wrote = () => {
    written.value += 1;
  };
  const detail = incident.value.value;
  return (
    <>
      <Heading title={detail?.title ?? `${say("incident")} #${id}`}>{detail && <Lead incident={detail} />}</Heading>
      <Asked of={incident}>{(detail) => <Whole incident={detail} when={when} wrote={wrote} />}</Asked>
    </>
  );
}

function Lead({ incident }: { incident: IncidentDetail }) {
  const anyone = incident.state === "open" ? takers(incident) : [];
  return (
    <>
      <p class="lead">
        <SeverityMark severity={incident.severity} /> · {say(incident.state === "open" ? "open" : "past")} ·{" "}
        {say("opened").toLowerCase()} <Moment at={incident.opened_at} /> (<Ago at={incident.opened_at} />)
        {incident.resolved_at && (
          <>
            {" "}
            · {say("resolved")} <Moment at={incident.resolved_at} />
          </>
        )}
      </p>
      <p class="dim">
        #{incident.id} · {incident.area || "–"} · {classWord(incident.class)}
        {incident.state === "open" && ` · ${say("taken_by")}: ${anyone.join(", ") || say("nobody")}`}
      </p>
    </>
  );
}

interface Shown {
  incident: IncidentDetail;
  when: ReadonlySignal<unknown>;
  wrote: () => void;
}

function Whole({ incident, when, wrote }: Shown) {
  const root = nameOf(incident.root);
  return (
    <>
      <Hand incident={incident} done={wrote} />
      <div class="columns">
        <Timeline incident={incident} when={when} />
        <div>
          <Where incident={incident} />
          <Hanging incident={incident} />
          <Told incident={incident.id} when={when} />
          <SilencedBy incident={incident} when={when} />
        </div>
      </div>
      <Alerts incident={incident} />
      <Held incident={incident} />
      {may("operator") && (
        <section aria-label={`${say("silence")}, ${say("maintenance")}`}>
          <h2>{told("silences")}</h2>
          <Silence
            done={wrote}
            choices={[
              { match: { below: incident.root }, words: `${root} + ${say("affected").toLowerCase()}` },
              { match: { device: incident.root }, words: root },
              ...(incident.area ? [{ match: { area: incident.area }, words: incident.area }] : []),
            ]}
          />
          <Maintain
            choices={[
              { match: { below: incident.root }, words: `${root} + ${say("affected").toLowerCase()}` },
              { match: { id: incident.root }, words: root },
            ]}
          />
        </section>
      )}
    </>
  );
}
