/** The fibre between points: what is lit, what is dark, and where it broke. Pure. */
import type { LineString, Position } from "geojson";
import type { Incident } from "../../screen/shapes";
import type { Look } from "../../screen/shapes_of_states";
import { middle } from "./geometry";

/** As /api/v1/cables.geojson says it, outwards. */
export interface Cable {
  geometry: LineString;
  properties: { from: string; to: string; route: string; length_m: number | null };
}

export interface Cables {
  features: readonly Cable[];
}

export const cableId = ({ properties: { from, to } }: Cable): string => `${from}>${to}`;

/** Dark: nothing is known to come through. Unseen: nobody could look. */
export type Light = "lit" | "dark" | "unseen";

/** Of a cable whose ends look like this; null for an end that nobody knows. */
export function lightOf(from: Look | null, to: Look | null): Light {
  const ends = [from, to];
  if (ends.includes("down") || ends.includes("unreachable")) return "dark";
  return ends.every((end) => end === "up" || end === "degraded") ? "lit" : "unseen";
}

/** `lines` are the stretches between who has light and who has not; none where only the dark end is known. */
export interface Break {
  incident: number;
  below: string;
  above: readonly string[];
  metres: number | null;
  lines: Position[][];
  middle: Position;
}

type PlaceOf = (device: string) => Position | null;

/** Where the cable of an incident is broken; null where it is no break, or nobody knows where that would be. */
export function breakOf(incident: Pick<Incident, "id" | "place">, up: Upwards, placeOf: PlaceOf): Break | null {
  const { below, above, metres } = incident.place;
  if (typeof below !== "string") return null;
  const tops = Array.isArray(above) ? above.filter((id) => typeof id === "string") : [];
  const lines = tops.map((top) => up.way(top, below) ?? straight(top, below, placeOf)).filter((line) => line !== null);
  const place = (lines[0] && middle(lines[0])) ?? placeOf(below);
  if (place === null) return null;
  const length = typeof metres === "number" ? metres : null;
  return { incident: incident.id, below, above: tops, metres: length, lines, middle: place };
}

function straight(top: string, below: string, placeOf: PlaceOf): Position[] | null {
  const ends = [placeOf(top), placeOf(below)].filter((end) => end !== null);
  return ends.length === 2 ? ends : null;
}

/** The cables by the device that they lead to. */
export class Upwards {
  private readonly by = new Map<string, Cable[]>();

  constructor(cables: Iterable<Cable>) {
    for (const cable of cables) {
      const known = this.by.get(cable.properties.to);
      if (known) known.push(cable);
      else this.by.set(cable.properties.to, [cable]);
    }
  }

  /** The shortest way along cables from `top` out to `below`, in number of stretches; null where there is none. */
  way(top: string, below: string): Position[] | null {
    const lines = new Map<string, Position[]>([[below, []]]);
    for (const [device, line] of lines) {
      if (device === top) return line.length > 1 ? line : null;
      for (const { geometry, properties } of this.by.get(device) ?? []) {
        // A Map is walked in the order of its entries, those added on the way among them.
        if (!lines.has(properties.from)) lines.set(properties.from, [...geometry.coordinates, ...line.slice(1)]);
      }
    }
    return null;
  }
}
