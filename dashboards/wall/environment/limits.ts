/** From which value on the city's rules warn, and from which it is danger. Pure. */
import type { Device } from "../../screen/shapes";

/** As /api/v1/rules answers it, as far as it matters here. */
export interface Rule {
  enabled: boolean;
  fault: string | null;
  terms: Record<string, unknown>;
}

export interface Limits {
  warning: number | null;
  danger: number | null;
}

export type Level = "normal" | "warning" | "danger";

/** Of the rules about a metric of a device those that begin soonest. */
export function limitsOf(device: Device, metric: string, rules: readonly Rule[]): Limits {
  const bounds = rules.filter(
    ({ enabled, fault, terms }) =>
      enabled && !fault && terms.kind === "threshold" && terms.metric === metric && matches(device, terms.match),
  );
  return {
    warning: lowest(bounds.filter(({ terms }) => terms.severity !== "critical")),
    danger: lowest(bounds.filter(({ terms }) => terms.severity === "critical")),
  };
}

function lowest(rules: readonly Rule[]): number | null {
  const above = rules.map(({ terms }) => terms.above).filter((value) => typeof value === "number");
  return above.length ? Math.min(...above) : null;
}

function matches(device: Device, match: unknown): boolean {
  if (typeof match !== "object" || match === null) return true;
  return Object.entries(match).every(([key, wanted]) => {
    if (key === "attributes") return holds(device.attributes, wanted);
    return [wanted].flat().includes(device[key as "id" | "kind" | "area"]);
  });
}

const holds = (attributes: Device["attributes"], wanted: object): boolean =>
  Object.entries(wanted).every(([name, value]) => attributes[name] === value);

export function levelOf(value: number, { warning, danger }: Limits): Level {
  if (danger !== null && value > danger) return "danger";
  return warning !== null && value > warning ? "warning" : "normal";
}
