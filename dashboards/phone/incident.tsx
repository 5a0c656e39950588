/** One incident: what broke, where, what to carry, who has it. */
import { tick } from "../screen/clock";
import { SeverityShape } from "../screen/severity_shape";
import { duration } from "../screen/values";
import { say as sayShared } from "../screen/words";
import { Actions } from "./actions";
import { DeedLine } from "./deeds";
import type { Item } from "./queue";
import type { Incident, Note } from "./shapes";
import { when } from "./time";
import { say } from "./words";

export function IncidentCard({ incident, deeds }: { incident: Incident; deeds: readonly Item[] }) {
  const { id, title, severity, place, area, opened_at, acknowledged_by, acknowledged_at, latest_note } = incident;
  return (
    <article class={`card ${severity}`} aria-labelledby={`incident-${id}`} data-incident={id}>
      <p class="severity">
        <SeverityShape severity={severity} silent /> {sayShared(severity)}
        <span class="since">
          {say("since")} {when(opened_at)} · <Passed since={opened_at} />
        </span>
      </p>
      <h3 id={`incident-${id}`}>{title}</h3>
      <p class="place">{[place, area].filter(Boolean).join(" · ")}</p>
      <Affected incident={incident} />
      {incident.carry.length > 0 && (
        <p class="carry">
          <b>{say("carry")}:</b> {incident.carry.join(" · ")}
        </p>
      )}
      <p class="owner">
        {acknowledged_by
          ? `${say("taken_by")}: ${acknowledged_by}${acknowledged_at ? ` · ${when(acknowledged_at)}` : ""}`
          : say("nobody")}
      </p>
      {latest_note && <LatestNote note={latest_note} />}
      {deeds.length > 0 && (
        <ul class="deeds">
          {deeds.map((item) => (
            <DeedLine key={item.key} item={item} />
          ))}
        </ul>
      )}
      <Actions incident={incident} deeds={deeds} />
    </article>
  );
}

const Passed = ({ since }: { since: string }) => <>{duration(tick.value - Date.parse(since))}</>;

function Affected({ incident: { affected } }: { incident: Incident }) {
  if (affected.count === 0) return null;
  const more = affected.count > affected.names.length ? ` ${say("and_more")}` : "";
  return (
    <p class="affected">
      <b>{affected.count}</b> {say("affected")}: {affected.names.join(", ")}
      {more}
    </p>
  );
}

function LatestNote({ note }: { note: Note }) {
  return (
    <p class="note">
      <b>
        {say("latest")} · {note.who} · {when(note.at)}
      </b>
      <br />
      {note.text}{" "}
      {note.photo && (
        <a href={note.photo} target="_blank" rel="noopener">
          {say("see_photo")}
        </a>
      )}
    </p>
  );
}
