/** What was refused, by reason and time; and who spoke without being known. */
import { useMemo, useState } from "preact/hooks";
import type { components } from "../../generated/api";
import { serverNow } from "../../screen/clock";
import { whole } from "../../screen/values";
import { may } from "../here";
import { Choice } from "../home";
import { asking, type List, Listed, useList } from "../parts/asked";
import { Choices } from "../parts/choices";
import { Columns } from "../parts/columns";
import { Heading } from "../parts/heading";
import { Ago, Moment } from "../parts/time";
import { toDevice } from "../router";
import { say as told } from "../words";
import { Adopt } from "./adopt";
import { isReason, REASONS, say } from "./words";

type Unknown = components["schemas"]["UnknownDevice"];
type Rejection = components["schemas"]["Rejection"];

export default function RejectedPage() {
  const list = useList<Unknown>(asking("/api/v1/unknown-devices", { limit: 50 }));
  return (
    <>
      <Heading title={told("rejected")} />
      <section aria-labelledby="unknown">
        <h2 id="unknown">{say("unknown")}</h2>
        <p class="dim">{say("unknown_why")}</p>
        <UnknownDevices list={list} />
      </section>
      <Rejected />
    </>
  );
}

function UnknownDevices({ list }: { list: List<Unknown> }) {
  const [adopted, take] = useState<readonly string[]>([]);
  return (
    <>
      {adopted.length > 0 && (
        <p role="status" class="done">
          ✓ {say("adopted")}:{" "}
          {adopted.map((id) => (
            <a key={id} href={toDevice(id)}>
              {id}{" "}
            </a>
          ))}
        </p>
      )}
      <Listed of={list}>
        {(items) => (
          <ul class="notes">
            {items.map((one) => (
              <li key={one.device}>
                <p>
                  <strong class="id">{one.device}</strong> · {whole(one.count)} {say("messages").toLowerCase()} ·{" "}
                  <Ago at={one.last_seen} />
                </p>
                <p class="dim">
                  {say("first_seen")} <Moment at={one.first_seen} /> · <span class="id">{one.topic}</span>
                </p>
                <pre>{one.payload}</pre>
                {may("operator") && (
                  <Adopt
                    device={one.device}
                    done={() => {
                      take([...adopted, one.device]);
                      list.reload();
                    }}
                  />
                )}
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </>
  );
}

const HOURS = ["1", "24", "168"] as const;

function Rejected() {
  const [reason, choose] = useState("");
  const [hours, look] = useState<(typeof HOURS)[number]>("24");
  const from = useMemo(() => new Date(serverNow() - Number(hours) * 3_600_000).toISOString(), [hours]);
  const list = useList<Rejection>(asking("/api/v1/rejected", { reason, from, limit: 50 }));
  return (
    <section aria-labelledby="rejected">
      <h2 id="rejected">{say("rejected")}</h2>
      <div class="filters">
        <Choices
          label={say("span")}
          options={HOURS.map((one) => [one, say(`hours_${one}`)] as const)}
          value={hours}
          choose={look}
        />
        <Choice
          label={told("reason")}
          value={reason}
          options={REASONS.map((one) => [one, say(one)] as const)}
          choose={choose}
        />
      </div>
      <Listed of={list}>{(items) => <Rows items={items} />}</Listed>
    </section>
  );
}

function Rows({ items }: { items: readonly Rejection[] }) {
  return (
    <table class="rows">
      <Columns of={[told("time"), told("reason"), say("topic"), say("detail")]} />
      <tbody>
        {items.map((one, index) => (
          <tr key={`${one.received_at} ${index}`}>
            <td>
              <Moment at={one.received_at} />
            </td>
            <td data-label={told("reason")}>{isReason(one.reason) ? say(one.reason) : one.reason}</td>
            <td data-label={say("topic")}>
              <span class="id">{one.topic}</span>
            </td>
            <td>
              {one.detail}
              <details>
                <summary>{say("payload")}</summary>
                <pre>{one.payload}</pre>
              </details>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
