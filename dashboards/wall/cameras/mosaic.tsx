/** Cameras side by side: those of what is going on larger and first, and the others in turn. */
import { useComputed } from "@preact/signals";
import type { Incident } from "../../screen/shapes";
import { whole } from "../../screen/values";
import { prefixOf } from "../prefix";
import { Tile } from "../tiles/tile";
import type { View } from "../view";
import { tell } from "../words";
import { Camera } from "./camera";
import { forward, pageOf } from "./forward";

const WHOLE_MOST = 20;
const AHEAD_MOST = 4;
/** A camera that is brought forward takes four places; one that shows nothing has nothing to be larger for. */
const PLACES = 4;
const SMALL = { width: 320, everySeconds: 4 };
const LARGE = { width: 640, everySeconds: 2 };

/** `of`: only the cameras of this incident; else as many of all as there is room for. */
export function Mosaic({ view, of = null, most = WHOLE_MOST }: { view: View; of?: Incident | null; most?: number }) {
  const chosen = useComputed(() => {
    void view.city.statesRevision.value;
    const incident = of ?? view.focus.value;
    return incident ? forward(incident, view.city.devices, of ? most : AHEAD_MOST) : [];
  });
  const prefix = useComputed(() => {
    void view.city.statesRevision.value;
    const cameras = [...view.city.devices.values()].filter(({ kind }) => kind === "camera");
    return prefixOf(cameras.map(({ name }) => name));
  });
  const rest = useComputed(() => {
    void view.city.statesRevision.value;
    const ahead = new Set(chosen.value);
    const ids = [...view.city.devices.values()]
      .filter(({ kind, id }) => kind === "camera" && !ahead.has(id))
      .map(({ id }) => id);
    return ids.sort();
  });
  const sees = (id: string) => view.city.devices.get(id)?.state === "up";
  const places = chosen.value.reduce((sum, id) => sum + (sees(id) ? PLACES : 1), 0);
  const room = of ? 0 : most - places;
  const others = pageOf(rest.value, Math.max(0, room), view.page.value);
  const ids = [...chosen.value, ...others];
  const hidden = of ? 0 : rest.value.length - others.length;
  // Each picture tells its own age; the tile is as old as the newest word of any camera.
  const at = useComputed(() => view.heard.value.get("camera") ?? null);
  return (
    <Tile
      name={of ? "near" : "mosaic"}
      title={tell(of ? "cameras_of_incident" : "cameras")}
      at={at}
      everySeconds={view.about.kinds.camera?.interval_seconds ?? 10}
      aside={<span class="count">{hidden > 0 ? `+ ${whole(hidden)} ${tell("more")}` : ""}</span>}
    >
      {ids.length === 0 && <p class="calm">{tell("no_cameras")}</p>}
      <div class={`cameras n${Math.min(ids.length, most)}`}>
        {ids.map((id) => (
          <Place
            key={id}
            view={view}
            id={id}
            prefix={prefix.value}
            large={of !== null || chosen.value.includes(id)}
            ahead={chosen.value.includes(id)}
          />
        ))}
      </div>
    </Tile>
  );
}

function Place({
  view,
  id,
  prefix,
  large,
  ahead,
}: {
  view: View;
  id: string;
  prefix: string;
  large: boolean;
  ahead: boolean;
}) {
  void view.city.devicesRevision.value;
  const device = view.city.devices.get(id);
  if (!device) return null;
  return (
    <Camera
      device={device}
      short={device.name.slice(prefix.length)}
      kind={view.about.kinds.camera}
      {...(large ? LARGE : SMALL)}
      freshSeconds={view.about.frame_fresh_seconds}
      ahead={ahead}
    />
  );
}
