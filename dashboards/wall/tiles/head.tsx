/** Across the top: whose wall it is, whether all is well, how the link is, and what time it is. */
import { dayOf, known, serverNow, tick, timeOf } from "../../screen/clock";
import { blindSince, live } from "../../screen/link";
import { SeverityShape } from "../../screen/severity_shape";
import { StateShape } from "../../screen/shapes_of_states";
import { duration } from "../../screen/values";
import { say } from "../../screen/words";
import { stranger } from "../kiosk/session";
import { isCritical, type View } from "../view";
import { counted, tell } from "../words";

export function Head({ view }: { view: View }) {
  return (
    <header class="top">
      <h1>{view.about.title}</h1>
      <Verdict view={view} />
      <div class="link">
        <p id="link" class={live.value ? "live" : "away"} role="status">
          {live.value ? say("live") : say("connecting")}
        </p>
        <p class="newest">{stranger.value ? tell("stranger") : <Newest view={view} />}</p>
      </div>
      <Clock zone={view.about.zone_label} />
    </header>
  );
}

/** The one sentence of the wall. It is spoken when it changes. */
function Verdict({ view }: { view: View }) {
  const { look, shape, text } = verdictOf(view);
  return (
    <p id="verdict" class={look} data-state={look} role="status">
      <span class="sign">{shape}</span> {text}
    </p>
  );
}

function verdictOf(view: View) {
  const incidents = view.incidents.value;
  const critical = incidents.filter(isCritical).length;
  const { count, worst } = view.unwell.value;
  if (!live.value) return { look: "unknown", shape: <StateShape look="unknown" silent />, text: tell("waiting") };
  if (blindSince.value !== null) {
    return { look: "blind", shape: <StateShape look="blind" silent />, text: tell("not_known") };
  }
  if (critical > 0) {
    return {
      look: "critical",
      shape: <SeverityShape severity="critical" silent />,
      text: counted(critical, "critical"),
    };
  }
  if (incidents[0]) {
    const { severity } = incidents[0];
    return {
      look: severity,
      shape: <SeverityShape severity={severity} silent />,
      text: counted(incidents.length, "open"),
    };
  }
  if (worst[0]) {
    return { look: worst[0].state, shape: <StateShape look={worst[0].state} silent />, text: counted(count, "unwell") };
  }
  const any = view.kinds.value.length > 0;
  return {
    look: any ? "up" : "unknown",
    shape: <StateShape look="up" silent />,
    text: tell(any ? "all_well" : "no_devices"),
  };
}

function Newest({ view }: { view: View }) {
  const times = [...view.heard.value.values()].filter((time) => time !== null);
  const age = times.length > 0 ? `${duration(tick.value - Math.max(...times))} ${say("ago")}` : say("never");
  return (
    <>
      {tell("newest")}: <span id="newest">{age}</span>
    </>
  );
}

function Clock({ zone }: { zone: string }) {
  void tick.value;
  return (
    <p class="clock">
      <span class="time">
        <time id="clock">{known.value ? timeOf(serverNow()) : "--:--:--"}</time> {zone}
      </span>
      <small>{known.value ? dayOf(serverNow()) : ""}</small>
    </p>
  );
}
