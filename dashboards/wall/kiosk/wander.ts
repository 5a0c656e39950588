/** Applies the drift to the page: a step every while, not an animation that would keep a small PC busy. */
import { driftAt } from "./drift";

const STEP_MS = 15_000;

export function wander(page: HTMLElement): void {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const step = () => {
    const { x, y, light } = driftAt(performance.timeOrigin + performance.now());
    const moves = !still.matches;
    page.style.setProperty("--drift-x", moves ? `${x.toFixed(3)}rem` : "0");
    page.style.setProperty("--drift-y", moves ? `${y.toFixed(3)}rem` : "0");
    page.style.setProperty("--light", light.toFixed(3));
  };
  step();
  setInterval(step, STEP_MS);
}
