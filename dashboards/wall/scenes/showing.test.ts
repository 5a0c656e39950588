import { describe, expect, it } from "vitest";
import { begun, following, HELD_MS, held, PICKED_MS, passed, picked, SCENES, type Showing } from "./showing";

const CALM = { scenes: SCENES, sceneSeconds: 30, critical: false };
const CRITICAL = { ...CALM, critical: true };
const START = begun(SCENES, 0);
const on = (showing: Showing, ...times: number[]) =>
  times.reduce((one, now) => following(one, now, CALM), showing).scene;

describe("the scenes", () => {
  it("take turns, each for its time, and begin again", () => {
    expect(following(START, 29_999, CALM)).toBe(START);
    expect([on(START, 30_000), on(START, 30_000, 60_000, 90_000)]).toEqual(["cameras", "incidents"]);
    expect(on(START, 30_000, 60_000, 90_000, 120_000)).toBe("network");
  });

  it("are those that there are: one that went is left for the next", () => {
    const terms = { ...CALM, scenes: ["network", "incidents"] as const };
    expect(following(begun(["cameras"], 0), 1, terms).scene).toBe("network");
  });

  it("stay on the incident while it is critical, and go on when it is over", () => {
    const stays = following(START, 1_000, CRITICAL);
    expect(stays.scene).toBe("incidents");
    expect(following(stays, 3_000_000, CRITICAL)).toBe(stays);
    expect(passed(stays, 2_000, CRITICAL)).toBeNull();
    expect(following(stays, 3_000_001, CALM).scene).toBe("network");
  });

  it("are the operator's for a while, even before a critical incident", () => {
    const chosen = picked("cameras", 0);
    expect(following(chosen, PICKED_MS - 1, CRITICAL)).toBe(chosen);
    expect(following(chosen, PICKED_MS, CRITICAL).scene).toBe("incidents");
    expect(passed(chosen, PICKED_MS / 2, CALM)).toBe(0.5);
  });

  it("stay where they are held, until they are let go or forgotten", () => {
    const stays = held(START, 0);
    expect(following(stays, HELD_MS - 1, CALM)).toBe(stays);
    expect(following(stays, HELD_MS, CALM)).toMatchObject({ scene: "cameras", heldAt: null });
    const let_go = held(stays, 5_000);
    expect(following(let_go, 34_999, CALM).scene).toBe("network");
    expect(following(let_go, 35_000, CALM).scene).toBe("cameras");
  });
});
