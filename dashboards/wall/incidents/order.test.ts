import { describe, expect, it } from "vitest";
import type { Alert, Incident } from "../../screen/shapes";
import { looked, ordered, ownersOf, shown, stepped } from "./order";

const open = (id: number, severity: Incident["severity"], opened_at = "2026-01-01"): Incident =>
  ({ id, severity, opened_at }) as Incident;
const ids = (incidents: readonly Incident[]) => incidents.map(({ id }) => id);
const LIST = [open(1, "critical"), open(2, "critical"), open(3, "warning"), open(4, "info")];

describe("open incidents", () => {
  it("stand worst first, what nobody has taken before what somebody has, and the newest before the older", () => {
    const given = [
      open(1, "info"),
      open(2, "critical", "2026-01-01"),
      open(3, "warning"),
      open(4, "critical", "2026-01-02"),
      open(5, "critical", "2026-01-03"),
    ];
    expect(ids(ordered(given, new Map([[5, ["Budi"]]])))).toEqual([4, 2, 5, 3, 1]);
  });

  it("are held by whoever took one of their alerts, named once", () => {
    const alert = (incident: number | null, acknowledged_by: string | null) => ({ incident, acknowledged_by }) as Alert;
    const owners = ownersOf([
      alert(1, "Budi"),
      alert(1, "Budi"),
      alert(1, "Siti"),
      alert(2, null),
      alert(null, "Agus"),
    ]);
    expect(Object.fromEntries(owners)).toEqual({ 1: ["Budi", "Siti"] });
  });

  it("are looked at in turn, the critical ones only among themselves", () => {
    expect([0, 1, 2].map((turn) => looked(LIST, null, turn)?.id)).toEqual([1, 2, 1]);
    expect([0, 1].map((turn) => looked(LIST.slice(2), null, turn)?.id)).toEqual([3, 4]);
    expect(looked([], null, 3)).toBeNull();
  });

  it("are looked at as the operator chooses, until the chosen one is over", () => {
    expect([looked(LIST, 4, 0)?.id, looked(LIST, 99, 0)?.id]).toEqual([4, 1]);
    expect([stepped(LIST, 1, 1), stepped(LIST, 1, -1), stepped(LIST, 4, 1), stepped(LIST, null, 1)]).toEqual([
      2, 1, 4, 1,
    ]);
    expect(stepped([], null, 1)).toBeNull();
  });

  it("beyond what there is room for are left out, but for the one that is looked at", () => {
    expect([ids(shown(LIST, 2, 1)), ids(shown(LIST, 2, 4)), ids(shown(LIST, 9, 4))]).toEqual([
      [1, 2],
      [3, 4],
      [1, 2, 3, 4],
    ]);
  });
});
