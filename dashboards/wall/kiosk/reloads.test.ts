import { describe, expect, it } from "vitest";
import { note, type Reload, recall, waitBefore } from "./reloads";

const at = (...times: number[]): Reload[] => times.map((time) => ({ at: time, why: "draw" }));

describe("loading the page anew", () => {
  it("is quick the first time, and ever later while it does not help", () => {
    expect(waitBefore([], 0)).toBe(2_000);
    expect(waitBefore(at(0), 1_000)).toBe(8_000);
    expect(waitBefore(at(0, 10_000), 11_000)).toBe(32_000);
    expect(waitBefore(at(0, 1, 2, 3, 4, 5, 6), 7)).toBe(600_000);
  });

  it("is quick again after the page was sound for long", () => {
    expect(waitBefore(at(0, 10_000), 910_001)).toBe(2_000);
    expect(waitBefore(at(0, 1_000_000), 1_000_001)).toBe(8_000);
  });

  it("is not kept from happening by a clock that was set back", () => {
    expect(waitBefore(at(5_000_000), 0)).toBe(2_000);
  });

  it("is remembered by the tab, as far as it is needed", () => {
    const kept = new Map<string, string>();
    const store = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    for (let time = 0; time < 30; time += 1) note(store, "r", recall(store, "r"), { at: time, why: "draw" });
    expect(recall(store, "r").map((reload) => reload.at)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    store.setItem("r", "{not json");
    expect(recall(store, "r")).toEqual([]);
  });
});
