/** What a device was in the last days: a ribbon, and the same as a table. */
import "./history.css";
import { useMemo, useState } from "preact/hooks";
import { getJson } from "../../screen/api";
import { dayOf, serverNow, timeZone } from "../../screen/clock";
import { say as saying } from "../../screen/words";
import { nameOf } from "../here";
import { Asked, asking, type Page, useChanges, useRemote } from "../parts/asked";
import { Choices } from "../parts/choices";
import { Columns } from "../parts/columns";
import { StateMark } from "../parts/state";
import { Moment } from "../parts/time";
import { useWidth } from "../parts/width";
import { toDevice } from "../router";
import { say as told } from "../words";
import { dayStart } from "../zone";
import { Counted, Swatch } from "./availability";
import { lasting } from "./lasting";
import { DAY, dayMarks, type Piece, ribbon, type Span, type Stretch, spanOf, within } from "./ribbon";
import { BUCKETS, say } from "./words";

const EVERY_SECONDS = 60;
const PAGES_MAX = 10;
const HEIGHT = 36;
/** A day's name is so wide, in pixels. */
const LABEL = 48;

export function History({ id }: { id: string }) {
  const [days, choose] = useState("7");
  const options = [
    ["1", say("span_24h")],
    ["7", say("span_7d")],
    ["30", say("span_30d")],
  ] as const;
  return (
    <section aria-labelledby="history">
      <h2 id="history">{say("history")}</h2>
      <Choices label={say("span")} options={options} value={days} choose={choose} />
      <Ribbon id={id} days={Number(days)} />
      <h3>{say("availability")}</h3>
      <Counted id={id} days={Number(days)} />
    </section>
  );
}

/** Every page of it, as far as is reasonable, with the span it was asked for. */
async function wholeHistory(path: string, init: RequestInit, days: number): Promise<{ span: Span; items: Stretch[] }> {
  const to = serverNow();
  const span = { from: to - days * DAY, to };
  const items: Stretch[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const asked: string = asking(path, { ...spanOf(span), limit: 1_000, cursor });
    const answer: Page<Stretch> = await getJson(asked, init);
    items.push(...answer.items);
    cursor = answer.next;
    if (cursor === null) break;
  }
  return { span, items };
}

function Ribbon({ id, days }: { id: string; days: number }) {
  const path = `/api/v1/devices/${encodeURIComponent(id)}/states`;
  const ask = (_: string, init: RequestInit) => wholeHistory(path, init, days);
  const history = useRemote(`${path}#${days}`, EVERY_SECONDS, { when: useChanges(id), ask });
  return (
    <Asked of={history}>
      {({ span, items }) => (
        <>
          <Band span={span} stretches={items} />
          <Legend />
          <details>
            <summary>{say("as_table")}</summary>
            <Table stretches={items} span={span} />
          </details>
        </>
      )}
    </Asked>
  );
}

function Band({ span, stretches }: { span: Span; stretches: readonly Stretch[] }) {
  const [box, width] = useWidth();
  const pieces = useMemo(() => ribbon(stretches, span, width), [stretches, span, width]);
  const marks = dayMarks(span, width / 70, (at, day) => dayStart(at, timeZone(), day));
  return (
    <div ref={box} class="ribbon">
      <svg width={width} height={HEIGHT + 18} role="img" aria-label={say("history")}>
        <Patterns />
        {pieces.map((piece, index) => (
          <Drawn key={`${index} ${piece.x}`} piece={piece} />
        ))}
        {marks.map((at) => (
          <g key={at} transform={`translate(${((at - span.from) / (span.to - span.from)) * width} 0)`}>
            <line y2={HEIGHT + 4} class="tick" />
            {(width * (span.to - at)) / (span.to - span.from) > LABEL && (
              <text y={HEIGHT + 15} x={3}>
                {dayOf(at).replace(/ \d{4}$/, "")}
              </text>
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}

/** What is degraded counts as up, and says so in its lower half. */
function Drawn({ piece: { x, width, bucket, degraded } }: { piece: Piece }) {
  return (
    <>
      <rect class={`bucket ${bucket}`} x={x} width={width} height={HEIGHT} />
      {degraded && <rect class="bucket degraded" x={x} y={HEIGHT / 2} width={width} height={HEIGHT / 2} />}
    </>
  );
}

/** Each bucket is told by its hatch too, not by its colour alone. */
function Patterns() {
  return (
    <defs>
      <pattern id="hatch-upstream" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" class="unreachable-ground" />
        <rect width="2.5" height="6" class="unreachable-ink" />
      </pattern>
      <pattern id="hatch-maintenance" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" class="maintenance-ground" />
        <circle cx="3" cy="3" r="1.4" class="maintenance-ink" />
      </pattern>
      <pattern id="hatch-blind" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
        <rect width="7" height="7" class="blind-ground" />
        <rect width="1.5" height="7" class="blind-ink" />
      </pattern>
      <pattern id="hatch-power" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" class="power-ground" />
        <rect width="6" height="2" class="power-ink" />
      </pattern>
    </defs>
  );
}

function Legend() {
  return (
    <ul class="legend">
      {BUCKETS.map((bucket) => (
        <li key={bucket}>
          <Swatch bucket={bucket} /> {say(bucket)}
        </li>
      ))}
      <li>
        <Swatch bucket="degraded" /> {saying("degraded").toLowerCase()}
      </li>
    </ul>
  );
}

const NEWEST = 200;

function Table({ stretches, span }: { stretches: readonly Stretch[]; span: Span }) {
  return (
    <table class="rows">
      <Columns of={[told("state"), say("from"), say("to"), say("length"), say("bucket")]} />
      <tbody>
        {stretches
          .slice(-NEWEST)
          .reverse()
          .map((stretch) => {
            const [begins, ends] = within(stretch, span);
            return (
              <tr key={stretch.since}>
                <td>
                  <StateMark state={stretch.state} reason={stretch.reason} />
                  {stretch.cause && (
                    <>
                      {" "}
                      {saying("because")} <a href={toDevice(stretch.cause)}>{nameOf(stretch.cause)}</a>
                    </>
                  )}
                </td>
                <td data-label={say("from")}>
                  <Moment at={stretch.since} />
                </td>
                <td data-label={say("to")}>{stretch.until ? <Moment at={stretch.until} /> : told("unit_now")}</td>
                <td data-label={say("length")}>{lasting(ends - begins)}</td>
                <td data-label={say("bucket")}>{say(stretch.bucket)}</td>
              </tr>
            );
          })}
      </tbody>
    </table>
  );
}
