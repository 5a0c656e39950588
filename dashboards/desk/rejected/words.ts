import { dictionary } from "../../screen/words";

export const say = dictionary({
  unknown: ["Perangkat tak dikenal (7 hari terakhir)", "Unknown devices (last 7 days)"],
  unknown_why: [
    "Mengirim pesan tanpa ada di registri. Yang milik kita dapat diadopsi.",
    "They send messages without being in the registry. Ours can be adopted.",
  ],
  messages: ["Pesan", "Messages"],
  last: ["Pesan terakhir", "Last message"],
  first_seen: ["Pertama", "First"],
  adopt: ["Adopsi", "Adopt"],
  adopted: ["Diadopsi", "Adopted"],
  open_device: ["Buka perangkat", "Open the device"],
  latitude: ["Lintang", "Latitude"],
  longitude: ["Bujur", "Longitude"],
  parents: ["Bergantung pada (id, dipisah koma; a|b: salah satu)", "Hangs on (ids, by commas; a|b: any of them)"],
  external_ids: ["Dikenal sebagai (nama=nilai tiap baris)", "Known as (name=value a line)"],
  attributes: ["Atribut (nama=nilai tiap baris)", "Attributes (name=value a line)"],
  bad_line: ["Bukan nama=nilai", "Not name=value"],
  bad_number: ["Bukan bilangan", "Not a number"],
  rejected: ["Pesan yang ditolak", "Rejected messages"],
  span: ["Rentang", "Span"],
  hours_1: ["1 jam", "1 h"],
  hours_24: ["24 jam", "24 h"],
  hours_168: ["7 hari", "7 d"],
  topic: ["Topik", "Topic"],
  detail: ["Rincian", "Detail"],
  payload: ["Isi", "Payload"],
  "too-large": ["terlalu besar", "too large"],
  "unknown-device": ["perangkat tak dikenal", "unknown device"],
  "not-json": ["bukan JSON", "not JSON"],
  "bad-shape": ["bentuk salah", "bad shape"],
  clock: ["jam salah", "clock"],
  "unknown-metric": ["metrik tak dikenal", "unknown metric"],
  "bad-value": ["nilai salah", "bad value"],
  "out-of-range": ["di luar jangkauan", "out of range"],
});

export const REASONS = [
  "too-large",
  "unknown-device",
  "not-json",
  "bad-shape",
  "clock",
  "unknown-metric",
  "bad-value",
  "out-of-range",
] as const;
export type Reason = (typeof REASONS)[number];
export const isReason = (word: string): word is Reason => REASONS.some((one) => one === word);
