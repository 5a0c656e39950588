/** The map of every device; where it cannot be drawn, a list takes its place and says so. */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import "./city_map.css";
import type { City } from "../../screen/city";
import { remote } from "../../screen/remote";
import type { About } from "../../screen/shapes";
import { AreaList } from "./area_list";
import { type Break, breakOf, type Cables, Upwards } from "./cables";
import type { Drawing } from "./drawing";
import { type Areas, placeOf } from "./features";
import { Legend } from "./legend";
import { hasWebGl2 } from "./webgl";
import { say } from "./words";

/** Outlines and cables change when somebody lays a cable: rarely. */
const REFRESH_SECONDS = 300;
/** Where it could not be drawn, it is tried again: a driver may have been restarted. */
const RETRY_MS = 60_000;
/** A context that does not come back within so long is gone. */
const LOST_MS = 5_000;

/** `coming` until it is drawn; otherwise why it is not there. */
type Standing = "coming" | "drawn" | "no_webgl" | "lost" | "failed";

export function CityMap({ about, city, incident }: { about: About; city: City; incident: number | null }) {
  const container = useRef<HTMLDivElement>(null);
  const standing = useSignal<Standing>("coming");
  const drawing = useSignal<Drawing | null>(null);
  const areas = useMemo(() => remote<Areas>(() => "/api/v1/areas.geojson", REFRESH_SECONDS), []);
  const cables = useMemo(() => remote<Cables>(() => "/api/v1/cables.geojson", REFRESH_SECONDS), []);
  const upwards = useComputed(() => new Upwards(cables.value.value?.features ?? []));
  const breaks = useComputed(() => {
    void city.incidentsRevision.value;
    const open = [...city.incidents.values()];
    const found = open.map((one) => breakOf(one, upwards.value, (id) => placeOf(city.devices.get(id))));
    return found.filter((one) => one !== null);
  });

  useEffect(
    () => () => {
      areas.stop();
      cables.stop();
    },
    [areas, cables],
  );
  useEffect(() => keepDrawn({ about, city, container, standing, drawing }), [about, city, standing, drawing]);
  useSignalEffect(() => {
    // What the server could not give at first is asked for again when it is heard.
    void city.statesRevision.value;
    for (const asked of [areas, cables]) if (asked.value.peek() === null) void asked.refresh();
  });
  useSignalEffect(() => {
    if (areas.value.value) drawing.value?.setAreas(areas.value.value);
  });
  useSignalEffect(() => {
    if (cables.value.value) drawing.value?.setCables(cables.value.value);
  });
  useSignalEffect(() => drawing.value?.setBreaks(breaks.value));
  useEffect(() => drawing.value?.show(incident), [drawing.value, incident]);

  const why = standing.value;
  const listed = why === "no_webgl" || why === "lost" || why === "failed";
  return (
    <div class="city-map" data-standing={why}>
      <div class="city-map-canvas" ref={container} hidden={listed} />
      {why === "coming" && <p class="city-map-coming">{say("coming")}</p>}
      {listed ? <AreaList city={city} areas={about.areas} why={say(why)} /> : <Legend city={city} />}
      <ul class="city-map-spoken">
        {[...new Set(breaks.value.map(told))].map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {about.map.tiles && about.map.attribution && <p class="city-map-attribution">{about.map.attribution}</p>}
    </div>
  );
}

interface Keeping {
  about: About;
  city: City;
  container: { readonly current: HTMLDivElement | null };
  standing: { value: Standing };
  drawing: { value: Drawing | null };
}

/** Draw, and again a minute after it could not be drawn or was lost; until the returned function is called. */
function keepDrawn({ about, city, container, standing, drawing }: Keeping): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const after = (millis: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, millis);
  };
  const end = () => {
    drawing.value?.remove();
    drawing.value = null;
  };
  const giveUp = (why: Standing) => {
    end();
    standing.value = why;
    after(RETRY_MS, () => void begin());
  };
  const events = {
    drawn: () => {
      standing.value = "drawn";
    },
    lost: () => after(LOST_MS, () => giveUp("lost")),
    restored: () => clearTimeout(timer),
    failed: (error: unknown) => {
      console.info("map:", error);
      giveUp("failed");
    },
  };
  const begin = async () => {
    if (!hasWebGl2()) return giveUp("no_webgl");
    try {
      const library = await import("./drawing");
      if (stopped || container.current === null) return;
      container.current.hidden = false;
      drawing.value = new library.Drawing({ about, city, container: container.current, label }, events);
    } catch (error) {
      events.failed(error);
    }
  };

  // The first picture of the wall comes before the map, which is larger than all the rest.
  const frame = requestAnimationFrame(() => after(0, () => void begin()));
  return () => {
    stopped = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    end();
  };
}

/** FP-080 – FP-087, as beside the break on the map. */
function label({ above, below }: Break): string {
  const tops = above.map((id) => id.toUpperCase()).join(` ${say("or")} `);
  return tops ? `${tops} – ${below.toUpperCase()}` : below.toUpperCase();
}

/** The same in words, for whoever hears the page. */
function told({ above, below }: Break): string {
  const tops = above.map((id) => id.toUpperCase()).join(` ${say("or")} `);
  return tops
    ? `${say("cut_between")} ${tops} ${say("and")} ${below.toUpperCase()}`
    : `${say("cut_above")} ${below.toUpperCase()}`;
}
