/** Where it is: the root, between which points the fibre is broken, and what cameras see there. */
import { useMemo } from "preact/hooks";
import { begun } from "../../screen/link";
import type { Device } from "../../screen/shapes";
import { whole } from "../../screen/values";
import { city, deviceNow, nameOf } from "../here";
import { StateMark } from "../parts/state";
import { toDevice } from "../router";
import { nearest } from "./near";
import type { IncidentDetail } from "./page";
import { say, signWord } from "./words";

const CAMERAS = 3;

export function Where({ incident }: { incident: IncidentDetail }) {
  const root = deviceNow(incident.root);
  const { above, below, metres, because } = incident.place as {
    above?: string[];
    below?: string;
    metres?: number | null;
    because?: string[];
  };
  return (
    <section aria-labelledby="place">
      <h2 id="place">{say("place")}</h2>
      <dl class="facts">
        <dt>{say("root")}</dt>
        <dd>
          <a href={toDevice(incident.root)}>{nameOf(incident.root)}</a> {root && <StateMark state={root.state} />}
        </dd>
        {below && above && above.length > 0 && (
          <>
            <dt>{say("place")}</dt>
            <dd>
              {say("between")}{" "}
              {above.map((id) => (
                <span key={id}>
                  <a href={toDevice(id)}>{nameOf(id)}</a>{" "}
                </span>
              ))}
              {say("and")} <a href={toDevice(below)}>{nameOf(below)}</a>
              {metres != null && ` (${whole(metres)} ${say("metres_on")})`}
            </dd>
          </>
        )}
        {because && because.length > 0 && (
          <>
            <dt>{say("because")}</dt>
            <dd>{because.map(signWord).join(", ")}</dd>
          </>
        )}
        {root && root.latitude !== null && root.longitude !== null && (
          <>
            <dt>{say("map")}</dt>
            <dd>
              <a href={`geo:${root.latitude},${root.longitude}`}>
                {root.latitude.toFixed(5)}, {root.longitude.toFixed(5)}
              </a>
            </dd>
          </>
        )}
      </dl>
      {root && <Cameras root={root} />}
    </section>
  );
}

function Cameras({ root }: { root: Device }) {
  const there = begun.value;
  const cameras = useMemo(() => nearest(root, city.devices.values(), CAMERAS), [root.id, there]);
  if (cameras.length === 0) return null;
  return (
    <>
      <h3>{say("cameras")}</h3>
      <ul class="below">
        {cameras.map(({ device, metres }) => (
          <li key={device.id}>
            <a href={toDevice(device.id)}>{device.name}</a> <StateMark state={device.state} />{" "}
            <small class="dim">{whole(metres)} m</small>
          </li>
        ))}
      </ul>
    </>
  );
}
