/** The middle of the wall: one scene at a time. The map stays, hidden, since a new one would be drawn from nothing. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Mosaic } from "../cameras/mosaic";
import { IncidentScene } from "../incidents/scene";
import { Boundary } from "../kiosk/boundary";
import { Age, useOld } from "../tiles/tile";
import type { View } from "../view";
import { tell } from "../words";
import { environment, map } from "./parts";
import type { Scene } from "./showing";

const WITH_MAP: readonly Scene[] = ["network", "incidents"];

const AHEAD_MS = 5_000;

export function Stage({ view }: { view: View }) {
  useEffect(() => {
    // Its turn may come while the server is away. What cannot be loaded now is loaded, or said to fail, when it is shown.
    const timer = setTimeout(() => environment().catch(() => undefined), AHEAD_MS);
    return () => clearTimeout(timer);
  }, []);
  const { scene } = view.showing.value;
  const focus = view.focus.value;
  // The map tells what the stream told last.
  const [at, cadence] = [view.readAt, view.about.heartbeat_seconds];
  const old = useOld(at, cadence);
  const mapShown = scene === "network" || (scene === "incidents" && focus !== null);
  return (
    <div class={`stage${scene === "incidents" && focus === null ? " quiet" : ""}`} data-scene={scene}>
      <section class={`tile map${old.value ? " old" : ""}`} data-tile="map" aria-label={tell("map")} hidden={!mapShown}>
        <Boundary of="part">
          {view.scenes.some((one) => WITH_MAP.includes(one)) && (
            <Late part={map} given={{ about: view.about, city: view.city, incident: focus?.id ?? null }} />
          )}
        </Boundary>
        <Age at={at} everySeconds={cadence} />
      </section>
      {scene === "cameras" && <Mosaic view={view} />}
      {scene === "incidents" && <IncidentScene view={view} />}
      {scene === "environment" && (
        <section class="tile environment" data-tile="environment" aria-label={tell("environment")}>
          <Boundary of="part">
            <Late part={environment} given={{ about: view.about, city: view.city }} />
          </Boundary>
        </section>
      )}
    </div>
  );
}

/** A part that is loaded when it is first shown. What cannot be loaded fails as what cannot be drawn. */
function Late<Given extends object>({ part, given }: { part: () => Promise<ComponentType<Given>>; given: Given }) {
  const [Part, setPart] = useState<ComponentType<Given> | null>(null);
  const [failure, fail] = useState<unknown>(null);
  useEffect(() => {
    part().then((loaded) => setPart(() => loaded), fail);
  }, [part]);
  if (failure) throw failure;
  return Part ? <Part {...given} /> : <p class="loading">{tell("loading")}</p>;
}
