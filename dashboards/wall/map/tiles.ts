/** What lies under our own layers, where the city's settings name tiles: its own file, or somebody's server. */
import { addProtocol, type LayerSpecification, type Map as MapLibre, type SourceSpecification } from "maplibre-gl";
import type { Palette } from "./images";

const ID = "tiles";
/** Below the outlines of the areas, which stay to be seen. */
const BELOW = "areas";

export async function addTiles(
  map: MapLibre,
  url: string,
  attribution: string | null,
  colours: Palette,
): Promise<void> {
  const told = attribution === null ? {} : { attribution };
  const { source, layers } = url.includes("{z}") ? template(url, colours) : await archive(url, colours);
  map.addSource(ID, { ...source, ...told } as SourceSpecification);
  map.setPaintProperty("areas", "fill-opacity", 0.25);
  for (const layer of layers) map.addLayer(layer, BELOW);
}

interface Tiles {
  source: SourceSpecification;
  layers: LayerSpecification[];
}

function template(url: string, colours: Palette): Tiles {
  const vector = /\.(pbf|mvt)(\?|$)/.test(url);
  const source: SourceSpecification = vector
    ? { type: "vector", tiles: [url] }
    : { type: "raster", tiles: [url], tileSize: 256 };
  return { source, layers: vector ? vectorLayers(["water", "transportation", "roads"], colours) : [RASTER] };
}

async function archive(path: string, colours: Palette): Promise<Tiles> {
  const { PMTiles, Protocol, TileType } = await import("pmtiles");
  const url = new URL(path, location.href).href;
  const file = new PMTiles(url);
  const protocol = new Protocol();
  protocol.add(file);
  addProtocol("pmtiles", protocol.tile);
  const { tileType } = await file.getHeader();
  if (tileType !== TileType.Mvt) {
    return { source: { type: "raster", url: `pmtiles://${url}`, tileSize: 256 }, layers: [RASTER] };
  }
  const { vector_layers: known = [] } = (await file.getMetadata()) as { vector_layers?: { id: string }[] };
  const names = known.map(({ id }) => id);
  return { source: { type: "vector", url: `pmtiles://${url}` }, layers: vectorLayers(names, colours) };
}

/** Without colours and half dark: nothing of it may look like a state. */
const RASTER: LayerSpecification = {
  id: ID,
  type: "raster",
  source: ID,
  paint: { "raster-saturation": -1, "raster-brightness-max": 0.4, "raster-opacity": 0.6 },
};

/** Of whatever schema (OpenMapTiles, Protomaps): water and ways, and nothing else. */
function vectorLayers(names: readonly string[], colours: Palette): LayerSpecification[] {
  const water = names.filter((name) => /^water/.test(name) && !/name|label/.test(name));
  const ways = names.filter((name) => /^(roads?|transportation|transit)$/.test(name));
  return [
    ...water.map(
      (name): LayerSpecification => ({
        id: `${ID}-${name}`,
        type: "fill",
        source: ID,
        "source-layer": name,
        filter: ["==", ["geometry-type"], "Polygon"],
        paint: { "fill-color": "#12304a" },
      }),
    ),
    ...ways.map(
      (name): LayerSpecification => ({
        id: `${ID}-${name}`,
        type: "line",
        source: ID,
        "source-layer": name,
        paint: { "line-color": colours.line, "line-width": 1 },
      }),
    ),
  ];
}
