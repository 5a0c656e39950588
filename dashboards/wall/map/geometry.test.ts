import { describe, expect, it } from "vitest";
import { boundsOf, heart, middle } from "./geometry";

describe("geometry", () => {
  it("finds the middle of a line by its length, and not by its corners", () => {
    expect(
      middle([
        [104, -4],
        [104.2, -4],
        [105, -4],
      ]),
    ).toEqual([104.5, -4]);
    expect(
      middle([
        [104, -4],
        [104, -4],
      ]),
    ).toEqual([104, -4]);
    expect(middle([])).toBeNull();
  });

  it("bounds what there is", () => {
    expect(
      boundsOf([
        [104, -4],
        [103.5, -4.2],
      ]),
    ).toEqual([103.5, -4.2, 104, -4]);
    expect(boundsOf([])).toBeNull();
  });

  it("puts a name inside a shape whose centre is outside", () => {
    const horseshoe = [
      [0, 0],
      [10, 0],
      [10, 2],
      [4, 2],
      [4, 8],
      [10, 8],
      [10, 10],
      [0, 10],
      [0, 0],
    ];
    const [x = 0, y = 0] = heart({ type: "Polygon", coordinates: [horseshoe] });
    expect(x).toBeLessThan(4);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(10);
  });

  it("keeps a name out of a hole", () => {
    const square = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
      [0, 0],
    ];
    const hole = [
      [1, 1],
      [9, 1],
      [9, 9],
      [1, 9],
      [1, 1],
    ];
    const [x = 5, y = 5] = heart({ type: "Polygon", coordinates: [square, hole] });
    expect(x < 1 || x > 9 || y < 1 || y > 9).toBe(true);
  });
});
