/** Words in Bahasa Indonesia and English. Each page keeps its own dictionary; what several say stands here. */
import { signal } from "@preact/signals";

export type Language = "id" | "en";

/** Set once, before anything is drawn: by `?lang=`, else by the city. */
export const language = signal<Language>("id");

export const locale = (): string => (language.value === "id" ? "id-ID" : "en-GB");

/** Looks up what a page says: `const say = dictionary({ age: ["Umur", "Age"] }); say("age")`. */
export function dictionary<Key extends string>(entries: Record<Key, readonly [id: string, en: string]>) {
  return (key: Key): string => entries[key][language.value === "id" ? 0 : 1];
}

export const say = dictionary({
  up: ["Normal", "Up"],
  degraded: ["Terganggu", "Degraded"],
  down: ["Putus", "Down"],
  unreachable: ["Tak terjangkau", "Unreachable"],
  unknown: ["Belum diketahui", "Unknown"],
  unseen: ["Tak terlihat", "Not seen"],
  info: ["Info", "Info"],
  warning: ["Waspada", "Warning"],
  critical: ["Kritis", "Critical"],
  frozen: ["BEKU sejak", "FROZEN since"],
  blind: ["RUANG KENDALI BUTA sejak", "CONTROL ROOM BLIND since"],
  connecting: ["Menyambung …", "Connecting …"],
  live: ["Langsung", "Live"],
  because: ["karena", "because of"],
  since: ["sejak", "since"],
  ago: ["lalu", "ago"],
  never: ["belum pernah", "never"],
  yes: ["ya", "yes"],
  no: ["tidak", "no"],
  none: ["tidak ada", "none"],
  second: ["dtk", "s"],
  minute: ["mnt", "min"],
  hour: ["jam", "h"],
  day: ["hari", "d"],
  grade_0: ["tidak layak", "unusable"],
  grade_1: ["buruk", "poor"],
  grade_2: ["cukup", "fair"],
  grade_3: ["sangat baik", "excellent"],
  mark_maintenance: ["pemeliharaan", "maintenance"],
  mark_flapping: ["naik-turun", "flapping"],
  "mark_awaiting-recheck": ["menunggu cek ulang", "awaiting re-check"],
});
