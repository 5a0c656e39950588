/** What became of a device's time: six buckets that sum to the span, in figures and side by side. */
import type { components } from "../../generated/api";
import { getJson } from "../../screen/api";
import { serverNow } from "../../screen/clock";
import { percent, whole } from "../../screen/values";
import { Asked, asking, useRemote } from "../parts/asked";
import { useWidth } from "../parts/width";
import { say as told } from "../words";
import { lasting } from "./lasting";
import { DAY, spanOf } from "./ribbon";
import { BUCKETS, say } from "./words";

type Row = components["schemas"]["AvailabilityRow"];
type Availability = components["schemas"]["Availability"];

const EVERY_SECONDS = 60;

export function Counted({ id, days }: { id: string; days: number }) {
  const ask = (_: string, init: RequestInit) => {
    const to = serverNow();
    return getJson<Availability>(
      asking("/api/v1/availability", { ...spanOf({ from: to - days * DAY, to }), id }),
      init,
    );
  };
  const counted = useRemote(`/api/v1/availability#${id}/${days}`, EVERY_SECONDS, { ask });
  return (
    <Asked of={counted}>
      {({ items: [row] }) => (row ? <Buckets row={row} /> : <p class="dim">{told("nothing")}</p>)}
    </Asked>
  );
}

/** Drawn as wide as it is shown, so that the hatches are the ribbon's. */
function Share({ row }: { row: Row }) {
  const [box, whole] = useWidth();
  let x = 0;
  return (
    <div ref={box} class="share" aria-hidden="true">
      <svg width={whole} height="20" aria-hidden="true">
        {BUCKETS.map((bucket) => {
          const width = (whole * row.seconds[bucket]) / row.span_seconds;
          x += width;
          return <rect key={bucket} class={`bucket ${bucket}`} x={x - width} width={width} height="20" />;
        })}
      </svg>
    </div>
  );
}

function Buckets({ row }: { row: Row }) {
  return (
    <>
      <p class="figures">
        <span>
          <strong>{percent(row.availability)}</strong> {say("of_all")}
        </span>
        <span>
          <strong>{percent(row.availability_own)}</strong> {say("of_own")}
        </span>
        <span class="dim">
          {say("of_seen")} {percent(1 - row.seconds.blind / row.span_seconds)}
        </span>
        <span>
          {say("outages")}: <strong>{whole(row.outages)}</strong> ({say("outages_own")} {whole(row.outages_own)})
        </span>
        {row.mttr_seconds !== null && (
          <span>
            {say("mttr")}: <strong>{lasting(row.mttr_seconds * 1_000)}</strong>
          </span>
        )}
        {row.mtbf_seconds !== null && (
          <span>
            {say("mtbf")}: <strong>{lasting(row.mtbf_seconds * 1_000)}</strong>
          </span>
        )}
      </p>
      <Share row={row} />
      <dl class="buckets">
        {BUCKETS.map((bucket) => (
          <div key={bucket}>
            <dt>
              <Swatch bucket={bucket} /> {say(bucket)}
            </dt>
            <dd>
              {percent(row.seconds[bucket] / row.span_seconds)} <small>{lasting(row.seconds[bucket] * 1_000)}</small>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

export function Swatch({ bucket }: { bucket: string }) {
  return (
    <svg width="18" height="12" aria-hidden="true">
      <rect width="18" height="12" class={`bucket ${bucket}`} />
    </svg>
  );
}
