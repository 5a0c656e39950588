/** The shapes of states as images for the map, drawn here so that none is asked from anywhere. */
import { type Look, SHAPES } from "../../screen/shapes_of_states";
import { LOOKS } from "./looks";

export interface Palette {
  ground: string;
  panel: string;
  line: string;
  text: string;
  dim: string;
  alarm: string;
  critical: string;
  looks: Record<Look, string>;
}

/** The colours of screen.css: the map has no stylesheet. */
export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const looks = Object.fromEntries(LOOKS.map((look) => [look, of(look === "blind" ? "unknown" : look)]));
  return {
    ground: of("ground"),
    panel: of("panel"),
    line: of("line"),
    text: of("text"),
    dim: of("dim"),
    alarm: of("alarm"),
    critical: of("critical"),
    looks: looks as Record<Look, string>,
  };
}

/** A burst, as where something was torn. */
const BURST =
  "M12 0L14.5 6L20.5 3.5L18 9.5L24 12L18 14.5L20.5 20.5L14.5 18L12 24L9.5 18L3.5 20.5L6 14.5L0 12L6 9.5L3.5 3.5L9.5 6z";
const SLASH = "M14.6 6.2L16 7L9.4 17.8L8 17z";

interface Drawing {
  path: string;
  fill: string;
  rim: string;
}

/** `pixels` wide and high, as map.addImage takes it. */
function draw(layers: readonly Drawing[], pixels: number): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = pixels;
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("This browser gives no canvas to draw on.");
  // Two of thirty on each side for the rim, by which a shape stands out from what it covers.
  pen.scale(pixels / 30, pixels / 30);
  pen.translate(3, 3);
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  for (const { path, fill, rim } of layers) {
    pen.strokeStyle = rim;
    pen.fillStyle = fill;
    pen.stroke(new Path2D(path));
    pen.fill(new Path2D(path), "evenodd");
  }
  return pen.getImageData(0, 0, pixels, pixels);
}

/** By the names that the style knows: each look, and `break`. */
export function images(colours: Palette, pixels: number): Map<string, ImageData> {
  const { ground, critical, text } = colours;
  const shapes = LOOKS.map((look): [string, ImageData] => [
    look,
    draw([{ path: SHAPES[look], fill: colours.looks[look], rim: ground }], pixels),
  ]);
  const torn = [
    { path: BURST, fill: text, rim: critical },
    { path: SLASH, fill: critical, rim: "transparent" },
  ];
  return new Map([...shapes, ["break", draw(torn, 2 * pixels)]]);
}
