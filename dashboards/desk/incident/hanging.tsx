/** What an incident holds: its alerts, the devices that went with it, and the alerts that were held back for it. */
import { whole } from "../../screen/values";
import { city, kindOf, nameOf } from "../here";
import { Columns } from "../parts/columns";
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
        <Columns of={[say("severity"), told("device"), say("alerts"), told("state"), told("since")]} />
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

/** A line for each device, however often its alerts were held back. */
export function Held({ incident: { suppressed } }: { incident: IncidentDetail }) {
  if (suppressed.length === 0) return null;
  const held = byDevice(suppressed);
  return (
    <section aria-labelledby="held">
      <h2 id="held">
        {say("suppressed")} ({whole(suppressed.length)})
      </h2>
      <ul class="below">
        {held.slice(0, SHOWN).map(({ last, times }) => (
          <li key={`${last.device} ${last.rule}`}>
            <a href={toDevice(last.device)}>{nameOf(last.device)}</a>{" "}
            <small class="dim">
              {last.rule}
              {times > 1 && ` ${whole(times)}×`} · {say("held_by")} {cause(last.cause)} · <Moment at={last.at} />
            </small>
          </li>
        ))}
        {held.length > SHOWN && <li class="dim">+ {whole(held.length - SHOWN)}</li>}
      </ul>
    </section>
  );
}

type Suppression = IncidentDetail["suppressed"][number];

function byDevice(suppressed: readonly Suppression[]): { last: Suppression; times: number }[] {
  const found = new Map<string, { last: Suppression; times: number }>();
  for (const one of suppressed) {
    const key = `${one.device} ${one.rule} ${one.cause}`;
    const known = found.get(key);
    found.set(key, { last: known && known.last.at > one.at ? known.last : one, times: (known?.times ?? 0) + 1 });
  }
  return [...found.values()];
}

function cause(name: string): string {
  if (name === "maintenance") return say("held_maintenance");
  return name === "control-room" ? say("held_room") : nameOf(name);
}
