import { render } from "preact";
import { describe, expect, it } from "vitest";
import { WORST_FIRST } from "./city";
import { type Look, lookOf, SHAPES, StateShape } from "./shapes_of_states";

const LOOKS: readonly Look[] = [...WORST_FIRST, "blind"];

function drawn(look: Look, silent: boolean): Element | null {
  const place = document.createElement("p");
  render(<StateShape look={look} silent={silent} />, place);
  return place.querySelector("svg");
}

describe("the shapes of states", () => {
  it("are as many as there are states, and that nobody saw is one of its own", () => {
    expect(new Set(LOOKS.map((look) => SHAPES[look])).size).toBe(LOOKS.length);
    expect(lookOf({ state: "unknown", reason: "blind" })).toBe("blind");
    expect(lookOf({ state: "unknown", reason: "never-heard" })).toBe("unknown");
    expect(lookOf({ state: "down", reason: null })).toBe("down");
  });

  it("say their state, but not where its word stands beside them", () => {
    expect(drawn("down", false)?.getAttribute("aria-label")).toBe("Putus");
    expect(drawn("blind", false)?.getAttribute("aria-label")).toBe("Tak terlihat");
    expect(drawn("down", true)?.getAttribute("aria-hidden")).toBe("true");
  });
});
