/** Why a device is in its state, in sentences; the evidence under it, and the way up to the cause. */
import type { components } from "../../generated/api";
import type { Device } from "../../screen/shapes";
import { whole } from "../../screen/values";
import { language, say as saying } from "../../screen/words";
import { deviceNow, kindOf, nameOf } from "../here";
import { Asked, useChanges, useRemote } from "../parts/asked";
import { StateMark } from "../parts/state";
import { Ago, Moment, Span } from "../parts/time";
import { toDevice, toIncident } from "../router";
import { lasting } from "./lasting";
import { say } from "./words";

type Explanation = components["schemas"]["Explanation"];
type AffectedDevices = components["schemas"]["AffectedDevices"];

const EVERY_SECONDS = 30;
const SHOWN = 50;

const below = (id: string) => `/api/v1/devices/${encodeURIComponent(id)}`;

export function Why({ id }: { id: string }) {
  const path = `${below(id)}/explain?lang=${language.value}`;
  const explained = useRemote<Explanation>(path, EVERY_SECONDS, { when: useChanges(id) });
  return (
    <section aria-labelledby="why">
      <h2 id="why">{say("why")}</h2>
      <Asked of={explained}>{(told) => <Told told={told} />}</Asked>
    </section>
  );
}

function Told({ told }: { told: Explanation }) {
  return (
    <>
      <ul class="sentences">
        {told.sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {told.incident !== null && (
        <p>
          <a href={toIncident(told.incident)}>
            {say("incident")} #{told.incident}
          </a>
        </p>
      )}
      {told.maintenance.map((work) => (
        <p key={work.id}>
          {saying("mark_maintenance")}: {work.reason} ({work.owner}), <Span since={work.since} until={work.until} />
        </p>
      ))}
      {told.chain.length > 1 && <Chain chain={told.chain} />}
      <details>
        <summary>{say("evidence")}</summary>
        <Evidence told={told} />
      </details>
    </>
  );
}

function Chain({ chain }: { chain: Explanation["chain"] }) {
  return (
    <>
      <h3>{say("way_up")}</h3>
      <ol class="chain">
        {chain.map((link) => (
          <li key={link.id}>
            <a href={toDevice(link.id)}>{link.name}</a>{" "}
            <StateMark state={link.state} reason={deviceNow(link.id)?.reason} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Evidence({ told: { evidence, rule } }: { told: Explanation }) {
  const moment = (name: string) => (typeof evidence[name] === "string" ? String(evidence[name]) : null);
  return (
    <dl class="facts">
      <dt>{say("last_seen")}</dt>
      <dd>
        <Moment at={moment("last_seen")} />
      </dd>
      <dt>{say("judged_at")}</dt>
      <dd>
        <Moment at={moment("judged_at")} />
      </dd>
      {evidence.status != null && (
        <>
          <dt>{say("status")}</dt>
          <dd>
            {String(evidence.status)} <Moment at={moment("status_at")} />
          </dd>
        </>
      )}
      {rule.interval_seconds !== null && (
        <>
          <dt>{say("interval")}</dt>
          <dd>{lasting(rule.interval_seconds * 1_000)}</dd>
        </>
      )}
      {rule.silent_after_seconds !== null && (
        <>
          <dt>{say("silent_after")}</dt>
          <dd>{lasting(rule.silent_after_seconds * 1_000)}</dd>
        </>
      )}
      {rule.attempts !== null && (
        <>
          <dt>{say("attempts")}</dt>
          <dd>{whole(rule.attempts)}</dd>
        </>
      )}
      {rule.rules.length > 0 && (
        <>
          <dt>{say("rules")}</dt>
          <dd>{rule.rules.join(", ")}</dd>
        </>
      )}
    </dl>
  );
}

/** What it hangs on, as the registry says: of a group one is enough. */
export function Parents({ parents }: { parents: Device["parents"] }) {
  if (parents.length === 0) return <>{say("nothing_above")}</>;
  return (
    <>
      {parents.map((one) => (
        <span class="parent" key={String(one)}>
          {Array.isArray(one) && `${say("either")} `}
          {[one].flat().map((id, index) => (
            <span key={id}>
              {index > 0 && ", "}
              <a href={toDevice(id)}>{nameOf(id)}</a>
            </span>
          ))}
        </span>
      ))}
    </>
  );
}

export function Below({ id }: { id: string }) {
  const hanging = useRemote<AffectedDevices>(`${below(id)}/affected`, EVERY_SECONDS, { when: useChanges(id) });
  return (
    <Asked of={hanging}>
      {({ count, by_kind, items }) =>
        count > 0 && (
          <section aria-labelledby="below">
            <h2 id="below">
              {say("below")} ({whole(count)})
            </h2>
            <p>
              {Object.entries(by_kind)
                .map(([kind, many]) => `${whole(many)} × ${kindOf(kind).name}`)
                .join(" · ")}
            </p>
            <ul class="below">
              {items.slice(0, SHOWN).map((item) => (
                <li key={item.id}>
                  <StateMark state={item.state} /> <a href={toDevice(item.id)}>{item.name}</a>{" "}
                  <small class="dim">{say(item.depends)}</small>
                </li>
              ))}
              {items.length > SHOWN && <li class="dim">+ {whole(items.length - SHOWN)}</li>}
            </ul>
          </section>
        )
      }
    </Asked>
  );
}

export function LastHeard({ at }: { at: string | null }) {
  return (
    <>
      {say("last_seen")} <Ago at={at} />
    </>
  );
}
