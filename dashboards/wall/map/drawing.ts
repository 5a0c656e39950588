/** The map itself, on a canvas: MapLibre, and what it is told. Loaded only when it is to be drawn. */

import type { Feature, GeoJSON } from "geojson";
import { type GeoJSONSource, type LngLatBoundsLike, Map as MapLibre, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { City } from "../../screen/city";
import type { About } from "../../screen/shapes";
import { lookOf } from "../../screen/shapes_of_states";
import type { Break, Cable, Cables } from "./cables";
import { cableId } from "./cables";
import { Drawn } from "./drawn";
import {
  type Areas,
  areaNames,
  breakLines,
  breakMarks,
  cableFeature,
  collection,
  deviceFeature,
  extentOf,
} from "./features";
import { type Bounds, boundsOf } from "./geometry";
import { images, palette } from "./images";
import { styleOf } from "./style";
import { addTiles } from "./tiles";

// A file of our own, not a blob: the pages' policy allows no others.
setWorkerUrl(workerUrl);

/** What changed within so long goes to the worker together. */
const GATHER_MS = 500;
/** Nearer is only houses. */
const NEAREST_ZOOM = 14;
const EASE_MS = 1_800;
/** Of the shorter side. */
const PADDING = 0.07;
/** Its line at the foot covers so many ems of the map. */
const LEGEND = 2;
const IMAGE_PIXELS = 30;

export interface Events {
  drawn(): void;
  lost(): void;
  restored(): void;
  /** It cannot go on: what was thrown. */
  failed(error: unknown): void;
}

export interface Given {
  about: About;
  city: City;
  container: HTMLElement;
  label(one: Break): string;
}

/** A map of the city until `remove`. Throws where the browser cannot draw it. */
export class Drawing {
  private readonly map: MapLibre;
  private readonly devices = new Drawn();
  private readonly cables = new Drawn();
  private readonly colours = palette();
  private readonly stops: (() => void)[] = [];
  private readonly em: number;
  private readonly home: Bounds;
  private ready = false;
  private areas: Areas | null = null;
  private lines = new Map<string, Cable>();
  private byDevice = new Map<string, string[]>();
  private breaks: readonly Break[] = [];
  private roots: ReadonlySet<string> = new Set();
  private shown: number | null = null;
  private waiting: Set<string> | null = new Set();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly given: Given,
    events: Events,
  ) {
    const { about, city, container } = given;
    this.em = Number.parseFloat(getComputedStyle(container).fontSize) / 16;
    this.home = about.map.bounds ?? [95, -11, 141, 6];
    this.map = new MapLibre({
      container,
      style: styleOf(this.colours, this.em),
      bounds: this.home as LngLatBoundsLike,
      fitBoundsOptions: { padding: PADDING * Math.min(container.clientWidth, container.clientHeight) },
      // A wall has no hands; and what nobody can move away stays what it says it is.
      interactive: false,
      attributionControl: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      maxPitch: 0,
      canvasContextAttributes: { powerPreference: "low-power" },
    });
    this.map.getCanvas().setAttribute("aria-hidden", "true");
    this.map.on("error", ({ error }) => this.blame(error, events));
    this.map.on("style.load", () => void this.begin().catch(events.failed));
    this.map.once("idle", () => events.drawn());
    this.map.on("webglcontextlost", () => {
      this.ready = false;
      events.lost();
    });
    this.map.on("webglcontextrestored", () => events.restored());
    this.map.on("resize", () => this.look(0));
    this.stops.push(city.listen((touched) => this.touch(touched)));
  }

  setAreas(areas: Areas): void {
    this.areas = areas;
    if (this.ready) this.drawAreas();
  }

  setCables({ features }: Cables): void {
    this.lines = new Map(features.map((cable) => [cableId(cable), cable]));
    this.byDevice = new Map();
    for (const [id, { properties }] of this.lines) {
      for (const end of [properties.from, properties.to]) {
        this.byDevice.set(end, [...(this.byDevice.get(end) ?? []), id]);
      }
    }
    this.touch(null);
  }

  setBreaks(breaks: readonly Break[]): void {
    this.breaks = breaks;
    const roots = new Set([...this.given.city.incidents.values()].map(({ root }) => root));
    const hanging = this.hangingOn(new Set([...roots, ...this.roots]));
    this.roots = roots;
    if (this.ready) this.drawBreaks();
    this.touch(hanging);
  }

  /** Of an open incident all that it is about; of none the whole. */
  show(incident: number | null): void {
    if (this.shown === incident) return;
    this.shown = incident;
    this.look(EASE_MS);
  }

  remove(): void {
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
    this.map.remove();
  }

  private blame(error: unknown, events: Events): void {
    // A tile that is missing leaves a hole under our own layers, no more.
    if (this.ready) console.info("map:", error);
    else events.failed(error);
  }

  /** At the start, and again when the graphics card had forgotten all. */
  private async begin(): Promise<void> {
    const pixelRatio = window.devicePixelRatio;
    for (const [name, image] of images(this.colours, Math.round(IMAGE_PIXELS * this.em * pixelRatio))) {
      if (!this.map.hasImage(name)) this.map.addImage(name, image, { pixelRatio });
    }
    this.devices.forget();
    this.cables.forget();
    for (const name of ["devices", "cables"]) this.set(name, collection([]));
    this.ready = true;
    this.drawAreas();
    this.drawBreaks();
    this.waiting = null;
    this.flush();
    const { tiles, attribution } = this.given.about.map;
    if (tiles === null || this.map.getSource("tiles")) return;
    // Somebody else's server may be away for years; what stands where is ours.
    await addTiles(this.map, tiles, attribution, this.colours).catch((error: unknown) => console.info("tiles:", error));
  }

  private touch(ids: ReadonlySet<string> | null): void {
    if (ids === null) this.waiting = null;
    else for (const id of ids) this.waiting?.add(id);
    if (this.ready) this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.ready) return;
    const { devices } = this.given.city;
    const touched = this.waiting;
    this.waiting = new Set();
    const ids = touched ?? new Set([...this.devices.ids(), ...devices.keys()]);
    this.update("devices", this.devices, ids, (id) => {
      const device = devices.get(id);
      return device ? deviceFeature(device, this.roots) : null;
    });
    const cables = touched
      ? new Set([...touched].flatMap((id) => this.byDevice.get(id) ?? []))
      : new Set([...this.cables.ids(), ...this.lines.keys()]);
    this.update("cables", this.cables, cables, (id) => {
      const cable = this.lines.get(id);
      return cable ? cableFeature(cable, (end) => this.lookOf(end)) : null;
    });
  }

  private update(source: string, drawn: Drawn, ids: Iterable<string>, feature: (id: string) => Feature | null): void {
    const changes = drawn.changes(ids, feature);
    if (changes) void this.source(source)?.updateData(changes);
  }

  private lookOf(id: string) {
    const device = this.given.city.devices.get(id);
    return device ? lookOf(device) : null;
  }

  private hangingOn(roots: ReadonlySet<string>): Set<string> {
    const found = new Set<string>();
    for (const { id, cause } of this.given.city.devices.values()) if (cause && roots.has(cause)) found.add(id);
    return found;
  }

  private drawAreas(): void {
    if (this.areas === null) return;
    this.set("areas", this.areas);
    this.set("names", areaNames(this.areas));
  }

  private drawBreaks(): void {
    this.set("breaks", breakLines(this.breaks));
    this.set("marks", breakMarks(this.breaks, this.given.label));
  }

  private set(source: string, data: GeoJSON): void {
    void this.source(source)?.setData(data);
  }

  private source(name: string): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(name);
  }

  private look(duration: number): void {
    const { city, container } = this.given;
    const room = Math.min(container.clientWidth, container.clientHeight);
    if (room === 0) return; // another scene is shown; there will be a resize
    const incident = this.shown === null ? undefined : city.incidents.get(this.shown);
    const found = this.breaks.find((one) => one.incident === this.shown);
    const bounds = (incident && boundsOf(extentOf(incident, found, city))) ?? this.home;
    const around = room * PADDING;
    const padding = { top: around, right: around, bottom: around + LEGEND * 16 * this.em, left: around };
    // Not essential, and so without any motion where the screen asks for none.
    const options = { padding, maxZoom: NEAREST_ZOOM, duration };
    this.map.fitBounds(bounds as LngLatBoundsLike, options);
  }
}
