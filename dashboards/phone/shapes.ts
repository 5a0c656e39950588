/** What the server tells the phone, GET /api/v1/phone, and what the phone keeps of it. */
import type { components } from "../generated/api";

type Schemas = components["schemas"];

export type PhoneState = Schemas["PhoneShape"];
export type Incident = Schemas["FieldIncident"];
export type Note = Schemas["LatestNote"];
export type Contact = Schemas["FieldContact"];

/** What the server told, and what the page must know to show it later, without the server. */
export interface Kept {
  body: PhoneState;
  etag: string | null;
  /** The language that was asked for; empty where the server was to choose. */
  lang: string;
  /** When the server last said that this is so: its own clock, ms. */
  at: number;
}
