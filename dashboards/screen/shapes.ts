/** The API's answers, as its OpenAPI document describes them: made by `make check`, never written by hand. */
import type { components } from "../generated/api";

type Schemas = components["schemas"];

export type Device = Schemas["DeviceShape"];
export type Alert = Schemas["AlertShape"];
export type Incident = Schemas["IncidentShape"];
export type Summary = Schemas["Summary"];
export type Value = Schemas["Value"];
export type State = Device["state"];

/** What the live stream says, by its type; documented in /api/asyncapi.json. */
export interface Vocabulary {
  snapshot: Schemas["SnapshotOfDevices"] | Schemas["SnapshotOfColumns"];
  device: Device | { id: string; removed: true };
  reading: {
    device: string;
    state: State;
    since: string | null;
    last_seen: string | null;
    latest: Record<string, Value>;
  };
  alert: Alert;
  incident: Incident;
  heartbeat: { server_time: string; read_at: string | null; blind_since: string | null; build: string };
}

export type Message = {
  [Type in keyof Vocabulary]: { id: string; type: Type; at: string; data: Vocabulary[Type] };
}[keyof Vocabulary];

/** What a page must know before it can draw anything: GET /api/v1/city. */
export interface About {
  title: string;
  language: "id" | "en";
  time_zone: string;
  zone_label: string;
  server_time: string;
  build: string;
  visitor: { name: string; role: Role; technician: string | null };
  kinds: Record<string, Kind>;
  areas: string[];
  frame_fresh_seconds: number;
  heartbeat_seconds: number;
  judged_fresh_seconds: number;
  map: {
    bounds: [west: number, south: number, east: number, north: number] | null;
    tiles: string | null;
    attribution: string | null;
  };
  wall: { scenes: string[]; scene_seconds: number; river_kinds: string[]; air_kinds: string[] };
}

export type Role = "wall" | "technician" | "operator" | "admin";

export interface Kind {
  name: string;
  interval_seconds: number;
  metrics: Record<string, Metric>;
}

export interface Metric {
  name: string;
  unit: string;
  /** Shown only while it is true. */
  fault: boolean;
}
