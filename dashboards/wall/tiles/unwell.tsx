/** Who is not well: the worst first, of these the newest; and how many more there are. */

import { momentOf } from "../../screen/clock";
import type { Device } from "../../screen/shapes";
import { lookOf, StateShape } from "../../screen/shapes_of_states";
import { say } from "../../screen/words";
import { UNWELL_MOST, type View } from "../view";
import { tell } from "../words";
import { Counted, Tile } from "./tile";

const MARKS = ["maintenance", "flapping", "awaiting-recheck"] as const;

export function Unwell({ view }: { view: View }) {
  const { worst, count } = view.unwell.value;
  return (
    <Tile
      name="unwell"
      title={tell("unwell")}
      at={view.readAt}
      everySeconds={view.about.heartbeat_seconds}
      aside={<Counted count={count} shown={UNWELL_MOST} />}
    >
      {count === 0 ? (
        <p class="calm">
          <StateShape look="up" silent /> {tell("all_well")}
        </p>
      ) : (
        <ol id="troubles">
          {worst.map((device) => (
            <Trouble key={device.id} device={device} />
          ))}
        </ol>
      )}
    </Tile>
  );
}

function Trouble({ device }: { device: Device }) {
  const why = [...because(device), ...marked(device)].join(", ");
  return (
    <li data-device={device.id} data-state={device.state}>
      <StateShape look={lookOf(device)} />
      <span class={why ? "who" : "who placed"}>
        <b>{device.name}</b> <small class="why">{why || device.area}</small>
      </span>
      <span class="since">{device.since ? momentOf(Date.parse(device.since)) : ""}</span>
    </li>
  );
}

/** What is said beside a state: because of which device, by the number that stands on it; and the marks. */
const because = ({ cause }: Device): string[] => (cause ? [`${say("because")} ${cause.toUpperCase()}`] : []);

export const marked = ({ marks }: Device): string[] =>
  marks.map((mark) => {
    const known = MARKS.find((one) => one === mark);
    return known ? say(`mark_${known}`) : mark;
  });
