/** One incident, whole: what happened and where, what hangs on it, who was told, and what the cameras there see. */
import { momentOf } from "../../screen/clock";
import { SeverityShape } from "../../screen/severity_shape";
import type { Incident } from "../../screen/shapes";
import { duration, whole } from "../../screen/values";
import { Mosaic } from "../cameras/mosaic";
import { Tile } from "../tiles/tile";
import type { View } from "../view";
import { classText, tell } from "../words";
import { OpenFor, Owner, Sending } from "./list";

const KINDS_MOST = 8;

export function IncidentScene({ view }: { view: View }) {
  const incident = view.focus.value;
  if (!incident) return <Resolved view={view} />;
  return (
    <>
      <Told view={view} incident={incident} />
      <Mosaic view={view} of={incident} most={6} />
    </>
  );
}

function Told({ view, incident }: { view: View; incident: Incident }) {
  const kinds = Object.entries(incident.affected?.by_kind ?? {}).sort(([, one], [, other]) => other - one);
  return (
    <Tile
      name="incident"
      title={`${tell("incidents")} ${incident.id}`}
      at={view.readAt}
      everySeconds={view.about.heartbeat_seconds}
    >
      <div class={`told ${incident.severity}`} data-looked={incident.id}>
        <p class="what">
          <SeverityShape severity={incident.severity} /> <b>{incident.title}</b>
        </p>
        <dl class="facts">
          <Fact label={tell("open_since")}>
            {momentOf(Date.parse(incident.opened_at))} (<OpenFor incident={incident} />)
          </Fact>
          <Fact label={tell("cause")}>{classText(incident.class)}</Fact>
          <Fact label={tell("place")}>{placeText(view, incident)}</Fact>
          <Fact label={tell("pages")}>
            <Sending view={view} incident={incident} /> <Owner view={view} id={incident.id} />
          </Fact>
        </dl>
        <ul class="hanging" aria-label={tell("affected")}>
          {kinds.slice(0, KINDS_MOST).map(([kind, count]) => (
            <li key={kind}>
              <b>{whole(count)}</b> <span>{view.about.kinds[kind]?.name ?? kind}</span>
            </li>
          ))}
        </ul>
      </div>
    </Tile>
  );
}

function Fact({ label, children }: { label: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Between which devices, by their names, and how far along the cable; the root where that is not known. */
export function placeText(view: View, { place, root, area }: Incident): string {
  const name = (id: unknown) => view.city.devices.get(String(id))?.name ?? String(id);
  const above = Array.isArray(place.above) ? place.above[0] : place.above;
  const metres = typeof place.metres === "number" ? `, ${whole(place.metres)} m` : "";
  if (!place.below) return `${name(root)}, ${area}`;
  if (!above) return `${tell("before")} ${name(place.below)}, ${area}${metres}`;
  return `${tell("between")} ${name(above)} ${tell("and")} ${name(place.below)}${metres}`;
}

/** Nothing is open: what was, lately. */
function Resolved({ view: { resolved } }: { view: View }) {
  const items = resolved.value.value?.items ?? [];
  return (
    <Tile name="resolved" title={tell("resolved")} at={resolved.at} everySeconds={resolved.everySeconds}>
      {items.length === 0 && resolved.value.value !== null && <p class="calm">{tell("no_resolved")}</p>}
      <ol>
        {items.map(({ id, title, severity, opened_at, resolved_at }) => (
          <li key={id} data-incident={id}>
            <SeverityShape severity={severity} />
            <b>{title}</b>
            {resolved_at && (
              <span>
                {`${tell("resolved_at")} ${momentOf(Date.parse(resolved_at))}, `}
                {`${tell("lasted")} ${duration(Date.parse(resolved_at) - Date.parse(opened_at))}`}
              </span>
            )}
          </li>
        ))}
      </ol>
    </Tile>
  );
}
