/** Who was told, and whether it arrived. */
import type { ReadonlySignal } from "@preact/signals";
import type { components } from "../../generated/api";
import { Asked, asking, type Page, useRemote } from "../parts/asked";
import { Columns } from "../parts/columns";
import { Moment } from "../parts/time";
import { say as told } from "../words";
import { say } from "./words";

type Notification = components["schemas"]["NotificationShape"];

const EVERY_SECONDS = 15;

export function Told({ incident, when }: { incident: number; when: ReadonlySignal<unknown> }) {
  const path = asking("/api/v1/notifications", { incident, limit: 100 });
  const sent = useRemote<Page<Notification>>(path, EVERY_SECONDS, { when });
  return (
    <section aria-labelledby="told">
      <h2 id="told">{say("told")}</h2>
      <Asked of={sent}>
        {({ items }) => (items.length ? <Rows items={items} /> : <p class="dim">{told("nothing")}</p>)}
      </Asked>
    </section>
  );
}

function Rows({ items }: { items: readonly Notification[] }) {
  return (
    <table class="rows">
      <Columns of={[told("time"), told("who"), say("message"), say("arrived")]} />
      <tbody>
        {items.map((one) => (
          <tr key={one.id}>
            <td>
              <Moment at={one.created_at} />
            </td>
            <td data-label={told("who")}>
              {one.technician ?? say("own_channel")} <small class="dim">{one.channel}</small>
            </td>
            <td data-label={say("message")}>{one.title}</td>
            <td data-label={say("arrived")}>
              <Receipt one={one} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Receipt({ one }: { one: Notification }) {
  if (one.delivered_at) {
    return (
      <span class="done">
        ✓ <Moment at={one.delivered_at} />
      </span>
    );
  }
  const tries = one.attempts > 1 ? ` (${one.attempts} ${say("attempts")})` : "";
  if (!one.failed_at) {
    return (
      <span class="dim">
        {say("under_way")}
        {tries} {one.last_error}
      </span>
    );
  }
  return (
    <span class="fault">
      ✖ {say("failed")}
      {tries} {one.last_error}
    </span>
  );
}
