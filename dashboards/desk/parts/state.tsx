/** States and severities: a shape, a colour and a word each, so that none of them carries the meaning alone. */

import { SeverityShape } from "../../screen/severity_shape";
import type { Incident, State } from "../../screen/shapes";
import { type Look, StateShape } from "../../screen/shapes_of_states";
import { say } from "../../screen/words";

export function StateMark({ state, reason }: { state: State; reason?: string | null | undefined }) {
  const look: Look = state === "unknown" && reason === "blind" ? "blind" : state;
  return (
    <span class={`state ${state}`}>
      <StateShape look={look} silent /> {look === "blind" ? say("unseen") : say(look)}
    </span>
  );
}

export function SeverityMark({ severity }: { severity: Incident["severity"] }) {
  return (
    <span class={`state ${severity}`}>
      <SeverityShape severity={severity} silent /> {say(severity)}
    </span>
  );
}

const MARKS = ["maintenance", "flapping", "awaiting-recheck"] as const;

export function Marks({ marks }: { marks: readonly string[] | undefined }) {
  const known = MARKS.filter((mark) => marks?.includes(mark));
  return (
    <>
      {known.map((mark) => (
        <span class="mark" key={mark}>
          {say(`mark_${mark}`)}
        </span>
      ))}
    </>
  );
}
