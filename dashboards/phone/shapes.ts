/** What the server tells the phone, GET /api/v1/phone. */

export interface PhoneState {
  server_time: string;
  etag: string;
  me: { account: string; technician: string | null; name: string };
  on_call: boolean;
  until: string | null;
  incidents: Incident[];
  contacts: Contact[];
  /** The technician's or the city's. */
  language?: "id" | "en";
  time_zone?: string;
  zone_label?: string;
}

export interface Incident {
  id: number;
  title: string;
  severity: "critical" | "warning" | "info";
  state: string;
  opened_at: string;
  place: string;
  area: string | null;
  latitude: number | null;
  longitude: number | null;
  map_url: string | null;
  affected: { count: number; names: string[] };
  carry: string[];
  acknowledged_by: string | null;
  acknowledged_at: string | null;
  mine: boolean;
  latest_note: Note | null;
}

export interface Note {
  at: string;
  who: string;
  text: string;
  photo: string | null;
}

export interface Contact {
  name: string;
  role_text: string;
  phone: string | null;
  telegram: string | null;
}

/** What the server told, and what the page must know to show it later, without the server. */
export interface Kept {
  body: PhoneState;
  etag: string | null;
  /** The language that was asked for; empty where the server was to choose. */
  lang: string;
  /** When the server last said that this is so: its own clock, ms. */
  at: number;
}
