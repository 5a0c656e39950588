/** The answers that only the operator's pages ask for, as the OpenAPI document describes them. */
import type { components } from "../generated/api";

type Schemas = components["schemas"];

export type Note = Schemas["NoteShape"];
export type Happening = Schemas["Timeline"]["items"][number];
export type AuditLine = Schemas["AuditLine"];
export type Account = Schemas["AccountShape"];
export type Technicians = Schemas["Technicians"];
export type Token = Schemas["TokenShape"];
export type NewToken = Schemas["NewToken"];
export type Settings = Schemas["SettingsShape"];
