/** Incidents, those that are open and those that are over. */
import { useState } from "preact/hooks";
import type { Incident } from "../../screen/shapes";
import { city } from "../here";
import { asking, Listed, useList } from "../parts/asked";
import { Choices } from "../parts/choices";
import { Heading } from "../parts/heading";
import { place, refine } from "../router";
import { say as told } from "../words";
import { IncidentRows } from "./rows";
import { say } from "./words";

export default function IncidentsPage() {
  const [which, choose] = useState<"open" | "past">(place.peek().query.get("state") === "past" ? "past" : "open");
  const options = [
    ["open", say("open")],
    ["past", say("past")],
  ] as const;
  return (
    <>
      <Heading title={told("incidents")} />
      <section aria-label={told("incidents")}>
        <Choices
          label={say("which")}
          options={options}
          value={which}
          choose={(chosen) => {
            choose(chosen);
            refine({ state: chosen === "past" ? "past" : "" });
          }}
        />
        {which === "open" ? <Open /> : <Past />}
      </section>
    </>
  );
}

/** Live: the stream tells of every open one. */
function Open() {
  void city.incidentsRevision.value;
  const open = [...city.incidents.values()].sort((one, other) => other.opened_at.localeCompare(one.opened_at));
  return <IncidentRows incidents={open} />;
}

function Past() {
  const list = useList<Incident>(asking("/api/v1/incidents", { state: "resolved", limit: 50 }));
  return <Listed of={list}>{(items) => <IncidentRows incidents={items} />}</Listed>;
}
