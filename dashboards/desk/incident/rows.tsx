/** Incidents as a list: how bad, what, since when, what hangs on it, and who has taken it. */
import type { Incident } from "../../screen/shapes";
import { whole } from "../../screen/values";
import { say as saying } from "../../screen/words";
import { city } from "../here";
import { Columns } from "../parts/columns";
import { SeverityMark } from "../parts/state";
import { Ago, Moment } from "../parts/time";
import { toIncident } from "../router";
import { classWord, say } from "../words";
import { say as told } from "./words";

/** Whoever has taken any of its open alerts. */
export function takers(incident: Incident): string[] {
  void city.alertsRevision.value;
  const names = incident.alerts.map((id) => city.alerts.get(id)?.acknowledged_by).filter((name) => name != null);
  return [...new Set(names)];
}

export function IncidentRows({ incidents }: { incidents: readonly Incident[] }) {
  if (incidents.length === 0) return <p class="dim">{say("nothing")}</p>;
  return (
    <table class="rows">
      <Columns of={[told("severity"), told("incident"), told("affected"), told("opened"), told("taken_by")]} />
      <tbody>
        {incidents.map((incident) => (
          <tr key={incident.id}>
            <td>
              <SeverityMark severity={incident.severity} />
            </td>
            <td>
              <a href={toIncident(incident.id)}>{incident.title}</a>{" "}
              <small class="dim">
                #{incident.id} · {incident.area} · {classWord(incident.class)}
              </small>
            </td>
            <td data-label={told("affected")}>{whole(incident.affected.count ?? 0)}</td>
            <td data-label={told("opened")}>
              {incident.state === "open" ? <Ago at={incident.opened_at} /> : <Moment at={incident.opened_at} />}
            </td>
            <td data-label={told("taken_by")}>
              {incident.state === "open" ? takers(incident).join(", ") || saying("none") : told("resolved")}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
