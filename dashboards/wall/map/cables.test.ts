import type { Position } from "geojson";
import { describe, expect, it } from "vitest";
import { breakOf, type Cable, lightOf, Upwards } from "./cables";

// core ─ east ─ leaf, and a second way to leaf from west.
const PLACES: Record<string, Position> = { core: [0, 0], east: [2, 0], west: [0, 2], leaf: [2, 2], lone: [5, 5] };
const placeOf = (id: string) => PLACES[id] ?? null;
const cable = (from: string, to: string): Cable => ({
  geometry: { type: "LineString", coordinates: [PLACES[from] ?? [], PLACES[to] ?? []] },
  properties: { from, to, route: to, length_m: null },
});
const UP = new Upwards([cable("core", "east"), cable("east", "leaf"), cable("core", "west"), cable("west", "leaf")]);
const found = (place: Record<string, unknown>) => breakOf({ id: 7, place }, UP, placeOf);

describe("a break", () => {
  it("lies on the cable between who has light and who has not", () => {
    const torn = found({ above: ["core"], below: "east", metres: 520, because: [] });
    expect(torn).toEqual({
      incident: 7,
      above: ["core"],
      below: "east",
      metres: 520,
      lines: [
        [
          [0, 0],
          [2, 0],
        ],
      ],
      middle: [1, 0],
    });
  });

  it("follows the cables through points of which nothing is known", () => {
    expect(found({ above: ["core"], below: "leaf" })?.lines).toEqual([
      [
        [0, 0],
        [2, 0],
        [2, 2],
      ],
    ]);
  });

  it("is drawn on each way where several would have carried the light", () => {
    const torn = found({ above: ["east", "west"], below: "leaf", metres: null });
    expect(torn?.lines).toEqual([
      [
        [2, 0],
        [2, 2],
      ],
      [
        [0, 2],
        [2, 2],
      ],
    ]);
  });

  it("is a straight line where no cable is known, and a point where no end above is", () => {
    expect(found({ above: ["leaf"], below: "lone" })?.lines).toEqual([
      [
        [2, 2],
        [5, 5],
      ],
    ]);
    expect(found({ above: [], below: "leaf" })).toMatchObject({ lines: [], middle: [2, 2] });
  });

  it("is none where no cable is to blame, or nobody knows where it is", () => {
    expect(found({ because: ["alone"] })).toBeNull();
    expect(found({})).toBeNull();
    expect(found({ above: ["core"], below: "nowhere" })).toBeNull();
    expect(found({ above: "core", below: 3 })).toBeNull();
  });
});

describe("the light in a cable", () => {
  it("comes through where both ends are alive, and not where one is cut off", () => {
    expect(lightOf("up", "degraded")).toBe("lit");
    expect(lightOf("up", "down")).toBe("dark");
    expect(lightOf("unreachable", "up")).toBe("dark");
  });

  it("is not known where an end was not seen", () => {
    expect(lightOf("up", "unknown")).toBe("unseen");
    expect(lightOf("blind", "blind")).toBe("unseen");
    expect(lightOf(null, "up")).toBe("unseen");
  });
});
