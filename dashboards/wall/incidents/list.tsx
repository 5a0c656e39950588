/** The open incidents: how bad, how old, whose, what hangs on them, and whether anybody was told. */
import { momentOf, tick } from "../../screen/clock";
import { SeverityShape } from "../../screen/severity_shape";
import type { Incident } from "../../screen/shapes";
import { StateShape } from "../../screen/shapes_of_states";
import { duration, whole } from "../../screen/values";
import { Counted, Tile, useOld } from "../tiles/tile";
import type { View } from "../view";
import { tell } from "../words";
import { shown } from "./order";
import { sentOf, tellsOf } from "./pages";

const LINES = 3;
const LATELY_MOST = 5;

export function IncidentList({ view }: { view: View }) {
  const all = view.incidents.value;
  const focus = view.focus.value?.id ?? null;
  return (
    <Tile
      name="incidents"
      title={tell("incidents")}
      at={view.readAt}
      everySeconds={view.about.heartbeat_seconds}
      aside={<Counted count={all.length} shown={LINES} />}
    >
      {all.length === 0 ? (
        <>
          <p class="calm">
            <StateShape look="up" silent /> {tell("no_incidents")}
          </p>
          <Lately view={view} />
        </>
      ) : (
        <ol id="incidents">
          {shown(all, LINES, focus).map((incident) => (
            <Line key={incident.id} view={view} incident={incident} looked={incident.id === focus} />
          ))}
        </ol>
      )}
    </Tile>
  );
}

function Line({ view, incident, looked }: { view: View; incident: Incident; looked: boolean }) {
  return (
    <li
      class={incident.severity}
      data-incident={incident.id}
      data-severity={incident.severity}
      aria-current={looked || undefined}
    >
      <p class="what">
        <SeverityShape severity={incident.severity} />
        <b>{incident.title}</b>
        <span class="care">
          <OpenFor incident={incident} />
          <Owner view={view} id={incident.id} />
        </span>
      </p>
      <p class="under">
        <span class="affected">{affectedText(view, incident)}</span>
        <Sending view={view} incident={incident} />
      </p>
    </li>
  );
}

/** What was, where nothing is. */
function Lately({ view: { resolved } }: { view: View }) {
  const old = useOld(resolved.at, resolved.everySeconds);
  const items = old.value ? [] : (resolved.value.value?.items ?? []);
  return (
    <ul class="lately" aria-label={tell("resolved")}>
      {items.slice(0, LATELY_MOST).map(({ id, title, severity, resolved_at }) => (
        <li key={id}>
          <SeverityShape severity={severity} /> <span class="title">{title}</span>
          <span>{resolved_at && `${tell("resolved_at")} ${momentOf(Date.parse(resolved_at))}`}</span>
        </li>
      ))}
    </ul>
  );
}

export function OpenFor({ incident }: { incident: Incident }) {
  return <span class="lasts">{duration(tick.value - Date.parse(incident.opened_at))}</span>;
}

export function Owner({ view, id }: { view: View; id: number }) {
  const owners = view.owners.value.get(id);
  return owners ? (
    <span class="owner taken" aria-label={`${tell("taken_by")} ${owners.join(", ")}`} role="img">
      {`✓ ${owners.join(", ")}`}
    </span>
  ) : (
    <span class="owner">{tell("nobody_took")}</span>
  );
}

export function Sending({ view: { pages }, incident }: { view: View; incident: Incident }) {
  const answer = pages.value.value;
  // The age that stands beside it is the stream's: what is older must not be shown as that.
  const old = useOld(pages.at, pages.everySeconds).value;
  const sent = answer && !old && tellsOf(pages.at.value, incident) && sentOf(incident, answer);
  if (!sent) return <span class="sending">{tell("pages_unknown")}</span>;
  if (sent.written === 0) return <span class="sending">{tell("no_pages")}</span>;
  const parts = [`${sent.written} ${tell("sent")}`, `${sent.delivered} ${tell("delivered")}`];
  if (sent.failed > 0) parts.push(`${sent.failed} ${tell("failed")}`);
  return <span class={`sending${sent.failed > 0 ? " failed" : ""}`}>{`${tell("pages")}: ${parts.join(", ")}`}</span>;
}

/** "23 titik serat optik, 3 kamera": what hangs on it, by kind, most first. */
export function affectedText(view: View, { affected }: Incident): string {
  const kinds = Object.entries(affected?.by_kind ?? {}).sort(([, one], [, other]) => other - one);
  if (kinds.length === 0) return tell("nothing_affected");
  return kinds.map(([kind, count]) => `${whole(count)} ${view.about.kinds[kind]?.name ?? kind}`).join(" · ");
}
