import { dictionary } from "../../screen/words";

export const say = dictionary({
  map: ["Peta", "Map"],
  devices: ["perangkat", "devices"],
  coming: ["Peta sedang digambar …", "Drawing the map …"],
  no_webgl: [
    "Layar ini tidak dapat menggambar peta (tanpa WebGL 2); daftar ini menggantikannya.",
    "This screen cannot draw the map (no WebGL 2); this list takes its place.",
  ],
  lost: [
    "Peta hilang dari kartu grafis; daftar ini menggantikannya dan peta dicoba lagi setiap menit.",
    "The graphics card lost the map; this list takes its place, and the map is tried again every minute.",
  ],
  failed: [
    "Peta tidak dapat digambar; daftar ini menggantikannya dan peta dicoba lagi setiap menit.",
    "The map cannot be drawn; this list takes its place, and it is tried again every minute.",
  ],
  cut_between: ["Putus antara", "Cut between"],
  cut_above: ["Putus sebelum", "Cut above"],
  and: ["dan", "and"],
  or: ["atau", "or"],
  elsewhere: ["Di luar kecamatan", "Outside of any area"],
  more: ["lagi", "more"],
  all_well: ["Semua normal", "All is well"],
  unplaced: ["tanpa koordinat", "without a place"],
});
