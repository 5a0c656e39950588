/** What was done on this phone, and what became of it: nothing is lost without a word. */
import { drop, kept, sendAgain } from "./model";
import { Picture } from "./picture";
import type { Item } from "./queue";
import { when } from "./time";
import { say } from "./words";

/** In the list of its incident: what waits, or has just been sent. */
export function DeedLine({ item }: { item: Item }) {
  const { deed, at, image, fate } = item;
  return (
    <li class={`deed ${fate.kind}`} data-key={item.key}>
      {image && <Picture image={image} />}
      <span>
        {deed.kind === "acknowledge" ? say("done_acknowledge") : deed.text || say("photo")} · {when(at)}
      </span>
      <span class="mark">
        {fate.kind === "sent" ? `✓ ${say("sent")}` : `↑ ${say("waiting")}`}
        {fate.kind === "waiting" && item.account !== kept.value?.body.me.account
          ? ` · ${say("of_account")} ${item.account}`
          : ""}
      </span>
    </li>
  );
}

/** What needs somebody's eye, and what belongs to no incident that is shown. */
export function Outbox({ items }: { items: readonly Item[] }) {
  if (items.length === 0) return null;
  return (
    <section class="outbox" aria-labelledby="outbox">
      <h2 id="outbox">{say("outbox")}</h2>
      {items.map((item) => (
        <div class="card" key={item.key} data-key={item.key}>
          <h3>{item.title}</h3>
          <ul class="deeds">
            <DeedWithFate item={item} />
          </ul>
        </div>
      ))}
    </section>
  );
}

const REASONS = [403, 404, 409, 413, 422] as const;

function DeedWithFate({ item }: { item: Item }) {
  const { fate, deed, at, image } = item;
  if (fate.kind === "waiting" || fate.kind === "sent") return <DeedLine item={item} />;
  return (
    <li class={`deed ${fate.kind}`}>
      {image && <Picture image={image} />}
      <span>
        {deed.kind === "acknowledge" ? say("acknowledge") : deed.text || say("photo")} · {when(at)}
      </span>
      <span class="mark">{verdict(item)}</span>
      <div class="row">
        {fate.kind === "refused" && (
          <button type="button" onClick={() => sendAgain(item)}>
            {say("again")}
          </button>
        )}
        <button type="button" onClick={() => drop(item)}>
          {say(fate.kind === "refused" ? "drop" : "read")}
        </button>
      </div>
    </li>
  );
}

function verdict({ fate }: Item): string {
  if (fate.kind === "late") return say("late");
  if (fate.kind === "taken") return `${say("taken")} ${fate.by}.`;
  if (fate.kind !== "refused") return "";
  const known = REASONS.find((status) => status === fate.status);
  return `✗ ${say("refused")} (${fate.status}). ${known ? say(`refused_${known}`) : ""} ${fate.detail}`;
}
