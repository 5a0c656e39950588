"""Pure: one name for what is wrong with a picture."""

from collections.abc import Collection
from dataclasses import dataclass

from devices.tamper import Tamper
from video.tamper.conditions import CONDITIONS
from video.tamper.evidence import Evidence

STAYS = 0.8  # of what it takes to begin is enough to last: a condition at its limit does not flicker


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is seen, if anything. `unclear` are the kinds of which this picture tells neither yes nor no."""

    seen: Tamper | None
    unclear: frozenset[Tamper]


def diagnose(evidence: Evidence, holding: Collection[Tamper]) -> Diagnosis:
    """The first kind that the evidence speaks for; what it explains is unclear until it is gone."""
    unclear: set[Tamper] = set()
    for kind, condition in CONDITIONS.items():
        strength = condition(evidence)
        if strength is None:
            unclear.add(kind)
        elif strength >= (STAYS if kind in holding else 1.0):
            return Diagnosis(seen=kind, unclear=frozenset(unclear | explained_by(kind)))
    return Diagnosis(seen=None, unclear=frozenset(unclear))


def explained_by(kind: Tamper) -> frozenset[Tamper]:
    order = tuple(CONDITIONS)
    return frozenset(order[order.index(kind) + 1 :])
