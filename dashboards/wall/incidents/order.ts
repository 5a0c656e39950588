/** Open incidents: worst first, who holds them, and on which the wall looks now. */
import type { Alert, Incident } from "../../screen/shapes";

const SEVERITIES: readonly Incident["severity"][] = ["critical", "warning", "info"];

/** Worst first; of equals what nobody has taken yet, then the newest. */
export function ordered(incidents: Iterable<Incident>, owners: ReadonlyMap<number, string[]>): Incident[] {
  const rank = ({ id, severity }: Incident) => 2 * SEVERITIES.indexOf(severity) + Number(owners.has(id));
  return [...incidents].sort(
    (one, other) => rank(one) - rank(other) || other.opened_at.localeCompare(one.opened_at) || other.id - one.id,
  );
}

/** By incident: whoever took any of its open alerts. */
export function ownersOf(alerts: Iterable<Alert>): Map<number, string[]> {
  const owners = new Map<number, string[]>();
  for (const { incident, acknowledged_by: who } of alerts) {
    if (incident == null || !who) continue;
    const known = owners.get(incident) ?? [];
    if (!known.includes(who)) owners.set(incident, [...known, who]);
  }
  return owners;
}

/** What the wall looks at: the operator's choice while it is open, else the critical ones in turn, else all in turn. */
export function looked(incidents: readonly Incident[], chosen: number | null, turn: number): Incident | null {
  const picked = incidents.find(({ id }) => id === chosen);
  if (picked) return picked;
  const critical = incidents.filter(({ severity }) => severity === "critical");
  const among = critical.length > 0 ? critical : incidents;
  return among[turn % Math.max(1, among.length)] ?? null;
}

/** The next or the one before, for an operator's arrow keys; at the ends it stays. */
export function stepped(incidents: readonly Incident[], from: number | null, step: 1 | -1): number | null {
  const index = incidents.findIndex(({ id }) => id === from);
  const next = index < 0 ? 0 : Math.min(incidents.length - 1, Math.max(0, index + step));
  return incidents[next]?.id ?? null;
}

/** As many lines as there is room for, the looked-at one among them. */
export function shown(incidents: readonly Incident[], most: number, id: number | null): readonly Incident[] {
  const index = incidents.findIndex((incident) => incident.id === id);
  const start = Math.max(0, Math.min(index - most + 1, incidents.length - most));
  return incidents.slice(start, start + most);
}
