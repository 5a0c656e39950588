import { createExpression, validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, it } from "vitest";
import type { Palette } from "./images";
import { LOOKS, rankOf } from "./looks";
import { BELOW, CLUSTER_PROPERTIES, COUNT, SHAPE, styleOf } from "./style";

const looks = Object.fromEntries(LOOKS.map((look) => [look, "#fff"])) as Palette["looks"];
const COLOURS: Palette = {
  ground: "#000",
  panel: "#111",
  line: "#222",
  text: "#fff",
  dim: "#999",
  alarm: "#800",
  critical: "#f00",
  looks,
};

function value(expression: unknown, properties: Record<string, unknown>): unknown {
  const made = createExpression(expression, "layers[0].paint");
  if (made.result === "error") throw new Error(JSON.stringify(made.value));
  return made.value.evaluate({ zoom: 10 }, { type: "Point", properties });
}

const cluster = (worst: (typeof LOOKS)[number], counts: Record<string, number>, size: number) => ({
  worst: rankOf(worst),
  point_count: size,
  n_below: 0,
  ...Object.fromEntries(LOOKS.map((look) => [`n_${look}`, counts[look] ?? 0])),
});

describe("the style of the map", () => {
  it("is one, and asks nothing of anybody", () => {
    const style = styleOf(COLOURS, 1);
    expect(validateStyleMin(style)).toEqual([]);
    expect(JSON.stringify(style)).not.toContain("://");
    expect([style.glyphs, style.sprite]).toEqual([undefined, undefined]);
  });

  it("draws a device by its look, and a cluster by its worst member", () => {
    for (const look of LOOKS) expect(value(SHAPE, { look, rank: rankOf(look) })).toBe(look);
    expect(value(SHAPE, cluster("unreachable", { unreachable: 2, up: 5 }, 7))).toBe("unreachable");
  });

  it("ranks what cannot be trusted above what is well, and what is down above all", () => {
    expect(LOOKS).toEqual(["up", "blind", "unknown", "degraded", "unreachable", "down"]);
  });

  it("counts the worst of a cluster among all, and all where all is well", () => {
    expect(value(COUNT, cluster("down", { down: 2, degraded: 1, up: 4 }, 7))).toBe("2/7");
    expect(value(COUNT, cluster("blind", { blind: 7 }, 7))).toBe("7/7");
    expect(value(COUNT, cluster("up", { up: 7 }, 7))).toBe("7");
  });

  it("lets a cluster stand back only when all of it hangs below a break", () => {
    const torn = cluster("unreachable", { unreachable: 2 }, 2);
    expect(value(BELOW, { ...torn, n_below: 2 })).toBe(true);
    expect(value(BELOW, { ...torn, n_below: 1 })).toBe(false);
    expect([value(BELOW, { below: true }), value(BELOW, { below: false })]).toEqual([true, false]);
  });

  it("gives clusters a count of each look", () => {
    expect(Object.keys(CLUSTER_PROPERTIES)).toEqual(["worst", "n_below", ...LOOKS.map((look) => `n_${look}`)]);
  });
});
