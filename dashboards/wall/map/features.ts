/** Features of the map from what the city knows. Pure. */
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import type { City } from "../../screen/city";
import type { Device, Incident } from "../../screen/shapes";
import { type Look, lookOf } from "../../screen/shapes_of_states";
import { type Break, type Cable, cableId, lightOf } from "./cables";
import { heart } from "./geometry";
import { rankOf } from "./looks";

/** As /api/v1/areas.geojson says it. */
export type Areas = FeatureCollection<Polygon | MultiPolygon, { level: "regency" | "area"; name: string }>;

export function placeOf(device: Device | undefined): Position | null {
  return device && device.latitude !== null && device.longitude !== null ? [device.longitude, device.latitude] : null;
}

/** `below`: it hangs on what an open incident tells of, which is drawn brighter than what merely follows from it. */
export function deviceFeature(device: Device, roots: ReadonlySet<string>): Feature | null {
  const place = placeOf(device);
  if (place === null) return null;
  const look = lookOf(device);
  const below = device.cause !== null && device.cause !== undefined && roots.has(device.cause);
  const properties = { look, rank: rankOf(look), below };
  return { type: "Feature", id: device.id, geometry: { type: "Point", coordinates: place }, properties };
}

export function cableFeature(cable: Cable, lookOfDevice: (id: string) => Look | null): Feature {
  const { from, to } = cable.properties;
  const light = lightOf(lookOfDevice(from), lookOfDevice(to));
  return { type: "Feature", id: cableId(cable), geometry: cable.geometry, properties: { light } };
}

export function areaNames(areas: Areas): FeatureCollection {
  const named = areas.features.filter(({ properties }) => properties.level === "area");
  return collection(
    named.map(({ geometry, properties: { name } }) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: heart(geometry) },
      properties: { name },
    })),
  );
}

export function breakLines(breaks: readonly Break[]): FeatureCollection {
  const lines = breaks.flatMap((one) => one.lines);
  return collection(
    lines.map((line) => ({ type: "Feature", geometry: { type: "LineString", coordinates: line }, properties: {} })),
  );
}

/** Two incidents may come of one break: it is one mark. */
export function breakMarks(breaks: readonly Break[], label: (one: Break) => string): FeatureCollection {
  const marks = new Map(breaks.map((one) => [label(one), one.middle]));
  return collection(
    [...marks].map(([text, middle]) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: middle },
      properties: { label: text },
    })),
  );
}

export function collection(features: Feature[]): FeatureCollection {
  return { type: "FeatureCollection", features };
}

/** All that an incident is about: its root, its break, and what hangs below. */
export function extentOf(incident: Incident, found: Break | undefined, city: City): Position[] {
  const points = [placeOf(city.devices.get(incident.root)), ...(found ? [found.middle, ...found.lines.flat()] : [])];
  for (const device of city.devices.values()) if (device.cause === incident.root) points.push(placeOf(device));
  return points.filter((point) => point !== null);
}
