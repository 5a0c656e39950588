/**
 * The air pollution index (ISPU) of PM2.5: Peraturan Menteri Lingkungan Hidup dan Kehutanan P.14/2020, annex: limits of
 * the mean of 24 hours in µg/m³, and the index between them by straight lines.
 */

export type Category = "good" | "moderate" | "unhealthy" | "very_unhealthy" | "hazardous";

interface Limit {
  category: Category;
  micrograms: number;
  index: number;
}

const LIMITS: readonly Limit[] = [
  { category: "good", micrograms: 15.5, index: 50 },
  { category: "moderate", micrograms: 55.4, index: 100 },
  { category: "unhealthy", micrograms: 150.4, index: 200 },
  { category: "very_unhealthy", micrograms: 250.4, index: 300 },
  { category: "hazardous", micrograms: 500, index: 500 },
];

export interface Ispu {
  category: Category;
  /** Beyond the last limit the line goes on. */
  index: number;
}

export function ispuOf(micrograms: number): Ispu {
  const above = LIMITS.findIndex((limit) => micrograms <= limit.micrograms);
  const place = above < 0 ? LIMITS.length - 1 : above;
  const limit = LIMITS[place] as Limit;
  const below = LIMITS[place - 1] ?? { micrograms: 0, index: 0 };
  const slope = (limit.index - below.index) / (limit.micrograms - below.micrograms);
  return { category: limit.category, index: Math.round(below.index + slope * (micrograms - below.micrograms)) };
}
