/** A shape for each severity beside its colour, other than those of states: a sign with a mark in it. */
import type { Incident } from "./shapes";
import { say } from "./words";

export type Severity = Incident["severity"];

/** Of 24 by 24, filled by the rule evenodd: what lies within two outlines is cut out. */
export const SIGNS: Readonly<Record<Severity, string>> = {
  // An octagon with an exclamation mark.
  critical: "M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9zM10.6 5.5l.5 8.5h1.8l.5-8.5zM10.5 16h3v3h-3z",
  // A triangle with one.
  warning: "M12 1.5L23.5 22H.5zM10.8 8.5l.4 7h1.6l.4-7zM10.7 17h2.6v2.6h-2.6z",
  // A disc with an i.
  info: "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20zM10.7 6h2.6v2.6h-2.6zM10.7 10.5h2.6V18h-2.6z",
};

/** As high as the text around it. Says what it is, unless `silent`: where the word stands beside it. */
export function SeverityShape({ severity, silent = false }: { severity: Severity; silent?: boolean }) {
  return (
    <svg
      class="severity-shape"
      viewBox="0 0 24 24"
      width="1em"
      height="1em"
      role="img"
      aria-label={say(severity)}
      aria-hidden={silent || undefined}
    >
      <path d={SIGNS[severity]} fill={`var(--${severity})`} fill-rule="evenodd" />
    </svg>
  );
}
