/** Silences that hold an alert of this incident now: who asked for them, why, and until when. */
import type { ReadonlySignal } from "@preact/signals";
import type { components } from "../../generated/api";
import { getJson } from "../../screen/api";
import { asking, type Page, useRemote } from "../parts/asked";
import { Moment } from "../parts/time";
import { to } from "../router";
import type { IncidentDetail } from "./page";
import { say } from "./words";

type Silence = components["schemas"]["SilenceShape"];
type SilenceDetail = components["schemas"]["SilenceDetail"];

const EVERY_SECONDS = 60;
const LOOKED_AT = 20;

/** Those that hold anything, with what they hold. */
async function holding(path: string, init: RequestInit): Promise<SilenceDetail[]> {
  const { items } = await getJson<Page<Silence>>(path, init);
  const some = items.filter(({ silenced }) => silenced > 0).slice(0, LOOKED_AT);
  return Promise.all(some.map(({ id }) => getJson<SilenceDetail>(`/api/v1/silences/${id}`, init)));
}

export function SilencedBy({ incident, when }: { incident: IncidentDetail; when: ReadonlySignal<unknown> }) {
  const path = asking("/api/v1/silences", { active: "true" });
  const silences = useRemote(path, EVERY_SECONDS, { when, ask: holding });
  const ours = silences.value.value?.filter(({ alerts }) => alerts.some((id) => incident.alerts.includes(id))) ?? [];
  if (ours.length === 0) return null;
  return (
    <section aria-labelledby="silenced">
      <h2 id="silenced">{say("silenced_by")}</h2>
      <ul>
        {ours.map((one) => (
          <li key={one.id}>
            <a href={to("/desk/silences")}>{one.reason}</a> · {one.owner} · <Moment at={one.until} />
          </li>
        ))}
      </ul>
    </section>
  );
}
