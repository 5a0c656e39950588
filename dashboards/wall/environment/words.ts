import { dictionary } from "../../screen/words";

export const say = dictionary({
  rivers: ["Tinggi muka air", "River levels"],
  air: ["Kualitas udara", "Air quality"],
  weather: ["Cuaca", "Weather"],
  rising: ["naik", "rising"],
  falling: ["turun", "falling"],
  steady: ["tetap", "steady"],
  per_hour: ["cm/jam", "cm/h"],
  no_trend: ["tren belum diketahui", "no trend yet"],
  normal: ["Normal", "Normal"],
  warning: ["Siaga", "Warning"],
  danger: ["Bahaya", "Danger"],
  no_reading: ["Belum ada data", "No data yet"],
  day_mean: ["rata-rata 24 jam", "24-hour mean"],
  mean_of: ["rata-rata baru", "mean of only"],
  hours: ["jam", "h"],
  minutes: ["mnt", "min"],
  past_day: ["24 jam terakhir", "the past 24 hours"],
  more: ["lagi tidak ditampilkan", "more not shown"],
  nothing: ["Tidak ada sensor lingkungan di daftar perangkat.", "The device list has no sensors of the environment."],
  // The categories of the ISPU, in their official words.
  good: ["Baik", "Good"],
  moderate: ["Sedang", "Moderate"],
  unhealthy: ["Tidak sehat", "Unhealthy"],
  very_unhealthy: ["Sangat tidak sehat", "Very unhealthy"],
  hazardous: ["Berbahaya", "Hazardous"],
});
