/** What happened, oldest first: opened, told, taken, written, over. */

import "./timeline.css";
import type { ReadonlySignal } from "@preact/signals";
import { getJson } from "../../screen/api";
import { whole } from "../../screen/values";
import { language } from "../../screen/words";
import { nameOf } from "../here";
import { Asked, asking, type Page, useRemote } from "../parts/asked";
import { Moment } from "../parts/time";
import { toDevice } from "../router";
import type { Happening } from "../shapes";
import { say as told } from "../words";
import { folded } from "./folding";
import type { IncidentDetail } from "./page";
import { say } from "./words";

const EVERY_SECONDS = 15;
const PAGES_MAX = 10;

export function Timeline({ incident, when }: { incident: IncidentDetail; when: ReadonlySignal<unknown> }) {
  const path = asking(`/api/v1/incidents/${incident.id}/timeline`, { lang: language.value, limit: 200 });
  const happened = useRemote(path, EVERY_SECONDS, { when, ask: everything });
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">{say("timeline")}</h2>
      <Asked of={happened}>
        {(items) =>
          items.length === 0 ? (
            <p class="dim">{told("nothing")}</p>
          ) : (
            <ol class="timeline">
              {folded(items).map((group) => (
                <Group key={`${group[0]?.at} ${group[0]?.kind} ${group[0]?.text}`} group={group} />
              ))}
            </ol>
          )
        }
      </Asked>
    </section>
  );
}

async function everything(path: string, init: RequestInit): Promise<Happening[]> {
  const items: Happening[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const asked: string = cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`;
    const answer: Page<Happening> = await getJson(asked, init);
    items.push(...answer.items);
    cursor = answer.next;
    if (cursor === null) break;
  }
  return items;
}

function Group({ group }: { group: readonly Happening[] }) {
  const [first, ...rest] = group;
  if (!first) return null;
  if (rest.length === 0) return <Line one={first} />;
  return (
    <li>
      <Moment at={first.at} />
      <span class="kind">{say(`kind_${first.kind}`)}</span>
      <details class="text">
        <summary>
          {whole(group.length)} {say("alerts").toLowerCase()}
        </summary>
        <ol class="timeline">
          {group.map((one) => (
            <Line key={`${one.at} ${one.device} ${one.text}`} one={one} />
          ))}
        </ol>
      </details>
    </li>
  );
}

function Line({ one }: { one: Happening }) {
  return (
    <li>
      <Moment at={one.at} />
      <span class="kind">{say(`kind_${one.kind}`)}</span>
      <span class="text">
        {one.text}
        {one.photo && (
          <a href={one.photo} target="_blank" rel="noreferrer">
            <img src={one.photo} alt={one.text} loading="lazy" />
          </a>
        )}{" "}
        <small class="dim">
          {one.who}
          {one.device && (
            <>
              {one.who && " · "}
              <a href={toDevice(one.device)} aria-label={`${one.device}, ${nameOf(one.device)}`}>
                {one.device}
              </a>
            </>
          )}
          {one.heard_at && (
            <>
              {" "}
              ({say("heard")} <Moment at={one.heard_at} />)
            </>
          )}
        </small>
      </span>
    </li>
  );
}
