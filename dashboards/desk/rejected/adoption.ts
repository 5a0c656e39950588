/** Pure: what somebody typed of a new device, as POST …/adopt wants it. */
import type { components } from "../../generated/api";
import { text, Unfit } from "../parts/sending";
import { say } from "./words";

type Adoption = components["schemas"]["Adoption"];

/** Raises Unfit. */
export function adoptionOf(fields: FormData): Adoption {
  return {
    kind: text(fields, "kind"),
    name: text(fields, "name"),
    area: text(fields, "area"),
    latitude: numberOf(text(fields, "latitude")),
    longitude: numberOf(text(fields, "longitude")),
    parents: parentsOf(text(fields, "parents")),
    external_ids: linesOf(text(fields, "external_ids")),
    attributes: linesOf(text(fields, "attributes")),
  };
}

/** `fp-001, hs-01|hs-02`: hangs on the first, and on any of the two others. */
export function parentsOf(typed: string): (string | string[])[] {
  const words = (part: string, by: string) => part.split(by).map((word) => word.trim());
  return words(typed, ",")
    .filter(Boolean)
    .map((part) => {
      const group = words(part, "|").filter(Boolean);
      return group.length === 1 ? (group[0] ?? "") : group;
    });
}

export function linesOf(typed: string): Record<string, string> {
  const lines = typed.split("\n").map((line) => line.trim());
  return Object.fromEntries(
    lines.filter(Boolean).map((line) => {
      const [, name, value] = /^([^=]+?)\s*=\s*(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Unfit(`${say("bad_line")}: ${line}`);
      return [name, value];
    }),
  );
}

function numberOf(typed: string): number | null {
  if (typed === "") return null;
  const value = Number(typed.replace(",", "."));
  if (!Number.isFinite(value)) throw new Unfit(`${say("bad_number")}: ${typed}`);
  return value;
}
