/** Each state has a shape beside its colour, the same on tiles, lists and the map, for whoever does not see colours. */
import type { Device, State } from "./shapes";
import { say } from "./words";

/** A state, or that nobody could see what state it is in: the centre was blind, which is no fault of the device. */
export type Look = State | "blind";

/** Of 24 by 24, filled by the rule evenodd: what lies within two outlines is cut out. */
export const SHAPES: Readonly<Record<Look, string>> = {
  // A disc.
  up: "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16z",
  // A triangle.
  degraded: "M12 2.5L22.5 21H1.5z",
  // A square with a cross in it.
  down: "M2 2h20v20H2zM6.5 8.6L9.9 12L6.5 15.4L8.6 17.5L12 14.1L15.4 17.5L17.5 15.4L14.1 12L17.5 8.6L15.4 6.5L12 9.9L8.6 6.5z",
  // A diamond.
  unreachable: "M12 1L23 12L12 23L1 12z",
  // A ring.
  unknown: "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 7a5 5 0 1 0 0 10a5 5 0 1 0 0-10z",
  // A thin ring, hatched within.
  blind:
    "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20zM12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16z" +
    "M5.7 12L12 5.7L13.4 7.1L7.1 13.4zM7.9 16.2L16.2 7.9L17.6 9.3L9.3 17.6zM10.6 18.3L18.3 10.6L19.7 12L12 19.7z",
};

export const lookOf = ({ state, reason }: Pick<Device, "state" | "reason">): Look =>
  state === "unknown" && reason === "blind" ? "blind" : state;

/** The custom property of screen.css that colours it. */
export const colourOf = (look: Look): string => `var(--${look === "blind" ? "unknown" : look})`;

/** As high as the text around it. Says what it is, unless `silent`: where the word stands beside it. */
export function StateShape({ look, silent = false }: { look: Look; silent?: boolean }) {
  const told = look === "blind" ? say("unseen") : say(look);
  return (
    <svg
      class="state-shape"
      viewBox="0 0 24 24"
      width="1em"
      height="1em"
      role="img"
      aria-label={told}
      aria-hidden={silent || undefined}
    >
      <path d={SHAPES[look]} fill={colourOf(look)} fill-rule="evenodd" />
    </svg>
  );
}
