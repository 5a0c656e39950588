/** The pages of today: how many were sent and arrived, of how many somebody took what they are about, and the newest. */
import { dayBegan, tick, timeOf } from "../../screen/clock";
import { SeverityShape } from "../../screen/severity_shape";
import { whole } from "../../screen/values";
import { type Page, since, tally } from "../incidents/pages";
import type { View } from "../view";
import { tell } from "../words";
import { Tile } from "./tile";

const NEWEST_MOST = 2;

export function Told({ view }: { view: View }) {
  const { pages } = view;
  const answer = pages.value.value;
  const today = answer ? since(answer, dayBegan(tick.value)) : { pages: [], whole: true };
  const { written, delivered, failed, acknowledged } = tally(today.pages);
  const least = today.whole ? "" : "≥ ";
  return (
    <Tile name="pages" title={`${tell("pages")} ${tell("today")}`} at={pages.at} everySeconds={pages.everySeconds}>
      <dl class="figures">
        <Figure name="sent" label={tell("sent")} text={`${least}${whole(written)}`} />
        <Figure name="delivered" label={tell("delivered")} text={whole(delivered)} />
        <Figure name="failed" label={tell("failed")} text={whole(failed)} alarming={failed > 0} />
        <Figure name="acknowledged" label={tell("acknowledged")} text={whole(acknowledged)} />
      </dl>
      <ol>
        {today.pages.slice(0, NEWEST_MOST).map((page) => (
          <Newest key={page.id} {...page} />
        ))}
      </ol>
    </Tile>
  );
}

function Figure({
  name,
  label,
  text,
  alarming = false,
}: {
  name: string;
  label: string;
  text: string;
  alarming?: boolean;
}) {
  return (
    <div data-figure={name} class={alarming ? "alarming" : ""}>
      <dt>{label}</dt>
      <dd>{text}</dd>
    </div>
  );
}

function Newest({ title, severity, created_at, delivered_at, failed_at }: Page) {
  const fate = delivered_at ? "delivered" : failed_at ? "failed" : "underway";
  return (
    <li data-fate={fate}>
      {severity && <SeverityShape severity={severity} />} <span class="time">{timeOf(Date.parse(created_at))}</span>{" "}
      <span class="fate">{tell(fate)}</span> <span class="what">{title}</span>
    </li>
  );
}
