/** What several of the operator's pages say. Each of them has a dictionary of its own beside it. */
import { dictionary } from "../screen/words";

export const say = dictionary({
  desk: ["Meja operator", "Operator's desk"],
  skip: ["Langsung ke isi", "Skip to content"],
  pages: ["Halaman", "Pages"],
  home: ["Beranda", "Home"],
  incidents: ["Insiden", "Incidents"],
  oncall: ["Jadwal piket", "On call"],
  silences: ["Peredaman & pekerjaan", "Silences & work"],
  rejected: ["Pesan ditolak", "Rejected"],
  rules: ["Aturan", "Rules"],
  audit: ["Jejak audit", "Audit"],
  settings: ["Pengaturan", "Settings"],
  accounts: ["Akun", "Accounts"],
  wall: ["Dinding", "Wall"],
  phone: ["Ponsel teknisi", "Technician's phone"],
  log_out: ["Keluar", "Log out"],
  as: ["sebagai", "as"],
  role_wall: ["dinding", "wall"],
  role_technician: ["teknisi", "technician"],
  role_operator: ["operator", "operator"],
  role_admin: ["admin", "admin"],
  not_found: ["Halaman ini tidak ada.", "There is no such page."],
  loading: ["Memuat …", "Loading …"],
  server_says: ["Server menolak:", "The server refuses:"],
  away: ["Server tidak terjangkau.", "The server cannot be reached."],
  not_saved: [
    "Server tidak terjangkau; belum tentu tersimpan. Coba lagi.",
    "The server cannot be reached; perhaps not saved. Try again.",
  ],
  sending: ["Mengirim …", "Sending …"],
  done: ["Tersimpan", "Saved"],
  retry: ["Coba lagi", "Try again"],
  more: ["Muat lagi", "Load more"],
  older_notes: ["Masih ada catatan yang lebih lama.", "There are older notes."],
  nothing: ["Tidak ada.", "None."],
  cancel: ["Batal", "Cancel"],
  save: ["Simpan", "Save"],
  add: ["Tambah", "Add"],
  remove: ["Hapus", "Remove"],
  sure: ["Yakin", "Sure"],
  device: ["Perangkat", "Device"],
  devices: ["Perangkat", "Devices"],
  kind: ["Jenis", "Kind"],
  area: ["Kecamatan", "Area"],
  state: ["Keadaan", "State"],
  all: ["Semua", "All"],
  worst_shown: ["ditampilkan yang terburuk:", "shown are the worst"],
  search: ["Cari nama atau id", "Search by name or id"],
  reason: ["Alasan", "Reason"],
  since: ["Sejak", "Since"],
  until: ["Sampai", "Until"],
  who: ["Siapa", "Who"],
  time: ["Waktu", "Time"],
  name: ["Nama", "Name"],
  required: ["wajib", "required"],
  refused_role: ["Peran Anda tidak boleh melihat halaman ini.", "Your role may not see this page."],
  answer_old: ["Umur jawaban", "Answer is old"],
  unit_now: ["kini", "now"],
  removed_device: ["Tidak ada perangkat dengan id ini di registri.", "No device of the registry has this id."],
});

const CLASSES = dictionary({
  power: ["listrik", "power"],
  "fibre-cut": ["serat putus", "fibre cut"],
  "fibre-fade": ["redaman serat", "fibre fading"],
  device: ["perangkat", "device"],
  unknown: ["belum jelas", "unclear"],
});
const CLASS_NAMES = ["power", "fibre-cut", "fibre-fade", "device", "unknown"] as const;

/** What an incident is held to be. */
export function classWord(name: string): string {
  const known = CLASS_NAMES.find((one) => one === name);
  return known ? CLASSES(known) : name;
}
