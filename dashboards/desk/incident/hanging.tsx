/** What an incident holds: its alerts, the devices that went with it, and the alerts that were held back for it. */

import { whole } from "../../screen/values";
import { city, kindOf, nameOf } from "../here";
import { SeverityMark } from "../parts/state";
import { Moment } from "../parts/time";
import { toDevice } from "../router";
import { say as told } from "../words";
import type { IncidentDetail } from "./page";
import { say } from "./words";

const SHOWN = 100;

export function Hanging({ incident: { affected } }: { incident: IncidentDetail }) {
  const names = affected.names ?? [];
  const count = affected.count ?? 0;
  return (
    <section aria-labelledby="affected">
      <h2 id="affected">
        {say("affected")} ({whole(count)})
      </h2>
      <p>
        {Object.entries(affected.by_kind ?? {})
          .map(([kind, many]) => `${whole(many)} × ${kindOf(kind).name}`)
          .join(" · ")}
      </p>
      {names.length > 0 && (
        <p class="dim">
          {names.join(", ")}
          {count > names.length && ` … ${say("names_more")}`}
        </p>
      )}
    </section>
  );
}

/** Those that are open; the stream tells their state. */
export function Alerts({ incident }: { incident: IncidentDetail }) {
  void city.alertsRevision.value;
  const alerts = incident.alerts.map((id) => city.alerts.get(id)).filter((alert) => alert !== undefined);
  if (alerts.length === 0) return null;
  return (
    <section aria-labelledby="alerts">
      <h2 id="alerts">
        {say("alerts")} ({whole(alerts.length)})
      </h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{say("severity")}</th>
            <th scope="col">{told("device")}</th>
            <th scope="col">{say("alerts")}</th>
            <th scope="col">{told("state")}</th>
            <th scope="col">{told("since")}</th>
          </tr>
        </thead>
        <tbody>
          {alerts.slice(0, SHOWN).map((alert) => (
            <tr key={alert.id}>
              <td>
                <SeverityMark severity={alert.severity} />
              </td>
              <td>
                <a href={toDevice(alert.device)}>{nameOf(alert.device)}</a>
              </td>
              <td>
                {alert.summary} <small class="dim">{alert.rule}</small>
              </td>
              <td data-label={told("state")}>
                {say(`state_${alert.state}`)} {alert.acknowledged_by && `· ${alert.acknowledged_by}`}
              </td>
              <td data-label={told("since")}>
                <Moment at={alert.starts_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function Held({ incident: { suppressed } }: { incident: IncidentDetail }) {
  if (suppressed.length === 0) return null;
  return (
    <section aria-labelledby="held">
      <h2 id="held">
        {say("suppressed")} ({whole(suppressed.length)})
      </h2>
      <ul class="below">
        {suppressed.slice(0, SHOWN).map((one) => (
          <li key={`${one.device} ${one.rule} ${one.at}`}>
            <a href={toDevice(one.device)}>{nameOf(one.device)}</a>{" "}
            <small class="dim">
              {one.rule} · {say("held_by")} {cause(one.cause)} · <Moment at={one.at} />
            </small>
          </li>
        ))}
        {suppressed.length > SHOWN && <li class="dim">+ {whole(suppressed.length - SHOWN)}</li>}
      </ul>
    </section>
  );
}

function cause(name: string): string {
  if (name === "maintenance") return say("held_maintenance");
  return name === "control-room" ? say("held_room") : nameOf(name);
}
