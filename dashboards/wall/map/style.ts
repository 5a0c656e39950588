/** The map's style: ours, dark and calm, without a font or a picture from anywhere. Pure. */
import type {
  ExpressionSpecification,
  GeoJSONSourceSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { Palette } from "./images";
import { LOOKS, rankOf } from "./looks";

/** From here on every device stands for itself. */
const CLUSTERED_TO_ZOOM = 12;
const CLUSTER_PIXELS = 26;
/** Without a server of glyphs MapLibre draws letters with fonts of this machine. */
const FONT = ["DejaVu Sans", "system-ui", "sans-serif"];
const BOLD = ["DejaVu Sans Bold", "system-ui", "sans-serif"];

const RANK: ExpressionSpecification = ["coalesce", ["get", "worst"], ["get", "rank"]];

/** The name of the image: the worst member's. */
export const SHAPE: ExpressionSpecification = [
  "match",
  RANK,
  ...LOOKS.slice(1).flatMap((look) => [rankOf(look), look]),
  LOOKS[0] ?? "up",
] as unknown as ExpressionSpecification;

/** How many there are of the worst, of how many; where all is well, how many. */
export const COUNT: ExpressionSpecification = [
  "case",
  ["==", ["get", "worst"], 0],
  ["to-string", ["get", "point_count"]],
  [
    "concat",
    ["match", ["get", "worst"], ...LOOKS.slice(1).flatMap((look) => [rankOf(look), ["get", `n_${look}`]]), 0],
    "/",
    ["get", "point_count"],
  ],
] as unknown as ExpressionSpecification;

/** What merely hangs below a break, all of it, stands back behind it. */
export const BELOW: ExpressionSpecification = [
  "case",
  ["has", "point_count"],
  ["==", ["get", "n_below"], ["get", "point_count"]],
  ["to-boolean", ["get", "below"]],
];

/** What clusters carry: the worst rank, and how many look like what. */
export const CLUSTER_PROPERTIES = {
  worst: ["max", ["get", "rank"]],
  n_below: ["+", ["case", ["get", "below"], 1, 0]],
  ...Object.fromEntries(LOOKS.map((look) => [`n_${look}`, ["+", ["case", ["==", ["get", "look"], look], 1, 0]]])),
};

/** Not over what stands there already, but beside it. */
const BESIDE = {
  "text-variable-anchor": ["center", "top", "bottom", "left", "right"] as ("center" | "top" | "bottom")[],
  "text-radial-offset": 1.2,
};

const EMPTY = { type: "FeatureCollection" as const, features: [] };
const geojson = (more: Partial<GeoJSONSourceSpecification> = {}): SourceSpecification => ({
  type: "geojson",
  data: EMPTY,
  ...more,
});

/** `em`: how much larger than at 16 pixels the letters of this screen are. */
export function styleOf(colours: Palette, em: number): StyleSpecification {
  return {
    version: 8,
    sources: {
      areas: geojson(),
      names: geojson(),
      cables: geojson({ maxzoom: 14 }),
      breaks: geojson(),
      marks: geojson(),
      devices: geojson({
        cluster: true,
        clusterRadius: CLUSTER_PIXELS * em,
        clusterMaxZoom: CLUSTERED_TO_ZOOM,
        clusterProperties: CLUSTER_PROPERTIES,
      }),
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colours.ground } },
      ...areaLayers(colours, em),
      ...cableLayers(colours, em),
      ...breakLayers(colours, em),
      deviceLayer(),
      markLayer(colours, em),
      countLayer(colours, em),
    ],
  };
}

function areaLayers(colours: Palette, em: number): LayerSpecification[] {
  return [
    {
      id: "areas",
      type: "fill",
      source: "areas",
      filter: ["==", ["get", "level"], "area"],
      paint: { "fill-color": colours.panel, "fill-opacity": 0.8 },
    },
    {
      id: "borders",
      type: "line",
      source: "areas",
      filter: ["==", ["get", "level"], "area"],
      paint: { "line-color": colours.line, "line-width": 1.2 * em },
    },
    {
      id: "regency",
      type: "line",
      source: "areas",
      filter: ["==", ["get", "level"], "regency"],
      layout: { "line-join": "round" },
      paint: { "line-color": colours.dim, "line-opacity": 0.6, "line-width": 2 * em },
    },
    {
      id: "names",
      type: "symbol",
      source: "names",
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": 14 * em,
        "text-max-width": 7,
        ...BESIDE,
      },
      paint: { "text-color": colours.dim, "text-halo-color": colours.ground, "text-halo-width": 1.5 * em },
    },
  ];
}

function cableLayers(colours: Palette, em: number): LayerSpecification[] {
  const light = (is: string): ExpressionSpecification => ["==", ["get", "light"], is];
  return [
    {
      id: "lit",
      type: "line",
      source: "cables",
      filter: light("lit"),
      paint: { "line-color": colours.looks.up, "line-opacity": 0.35, "line-width": 1.5 * em },
    },
    {
      id: "unseen",
      type: "line",
      source: "cables",
      filter: light("unseen"),
      paint: {
        "line-color": colours.looks.unknown,
        "line-opacity": 0.5,
        "line-width": 1.5 * em,
        "line-dasharray": [1, 3],
      },
    },
    {
      id: "dark",
      type: "line",
      source: "cables",
      filter: light("dark"),
      paint: {
        "line-color": colours.looks.unreachable,
        "line-opacity": 0.55,
        "line-width": 2 * em,
        "line-dasharray": [3, 2],
      },
    },
  ];
}

function deviceLayer(): LayerSpecification {
  return {
    id: "devices",
    type: "symbol",
    source: "devices",
    layout: {
      "icon-image": SHAPE,
      "icon-size": ["case", ["has", "point_count"], 0.85, ["match", ["get", "rank"], 0, 0.5, 0.75]],
      "icon-allow-overlap": true,
      "symbol-sort-key": RANK,
    },
    paint: { "icon-opacity": ["case", BELOW, 0.55, 1] },
  };
}

function breakLayers(colours: Palette, em: number): LayerSpecification[] {
  const round = { "line-cap": "round", "line-join": "round" } as const;
  return [
    {
      id: "break-rim",
      type: "line",
      source: "breaks",
      layout: round,
      paint: { "line-color": colours.alarm, "line-width": 11 * em, "line-opacity": 0.85 },
    },
    {
      id: "break",
      type: "line",
      source: "breaks",
      paint: { "line-color": colours.text, "line-width": 4 * em, "line-dasharray": [2, 1.5] },
    },
  ];
}

function countLayer(colours: Palette, em: number): LayerSpecification {
  return {
    id: "counts",
    type: "symbol",
    source: "devices",
    filter: ["has", "point_count"],
    layout: {
      "text-field": COUNT,
      "text-font": BOLD,
      "text-size": 15 * em,
      "text-anchor": "left",
      "text-offset": [0.8, 0],
      // Of counts that have no room beside each other the worst is read.
      "symbol-sort-key": ["-", 0, RANK],
    },
    paint: { "text-color": colours.text, "text-halo-color": colours.ground, "text-halo-width": 2 * em },
  };
}

function markLayer(colours: Palette, em: number): LayerSpecification {
  return {
    id: "marks",
    type: "symbol",
    source: "marks",
    layout: {
      "icon-image": "break",
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      "text-field": ["get", "label"],
      "text-font": BOLD,
      "text-size": 16 * em,
      "text-variable-anchor": ["bottom", "right", "left", "top"],
      "text-radial-offset": 1.6,
      "text-allow-overlap": false,
      "text-optional": true,
    },
    paint: { "text-color": "#fff", "text-halo-color": colours.alarm, "text-halo-width": 3 * em },
  };
}
