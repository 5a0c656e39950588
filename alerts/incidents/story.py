"""Pure: what an incident is called, where it is, what failed there, and what hangs below."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.incidents.incident import Incident
from alerts.incidents.words import BEFORE, BETWEEN, COUNTED, DECIMAL, EITHER, TITLES, Language
from alerts.states.ledger import Ledger
from devices.diagnosis import Class, Diagnosis, Signs, diagnose
from devices.fault_location import Break, Health, locate
from devices.kinds import KINDS
from devices.plant import FEEDER
from devices.state import State
from devices.topology import cut_off

OPTICAL = "rx_power_dbm"
# Names of what hangs below, at most: who wants all asks for what is affected.
NAMES = 50


def ask_optical(ledger: Ledger, failed: Mapping[str, datetime]) -> dict[str, datetime]:
    """Of those that failed, whose optical power is worth asking for, up to which moment."""
    return {root: since for root, since in failed.items() if OPTICAL in KINDS[ledger.tree.kind(root)].metrics}


def tell(ledger: Ledger, incident: Incident, optical: Sequence[tuple[datetime, float]], language: Language) -> Incident:
    """The incident as it stands now. Its root must have failed."""
    root = incident.root
    since = ledger.standings[root].since
    hanging = cut_off(ledger.tree.parents, ledger.tree.plant.children, root)
    health = {device: _health(ledger, device, since) for device in hanging}
    gone = [device for device in hanging if health[device] is not Health.GOOD]
    place = _break(ledger, root, since, hanging)
    diagnosis = diagnose(_signs(ledger, root, since, health, optical))
    counts = Counter(ledger.tree.kind(device) for device in gone)
    return replace(
        incident,
        title=_title(ledger, root, place, diagnosis.cls, counts, language),
        area=ledger.tree.devices[root].area,
        cls=diagnosis.cls.value,
        place=_place(place, diagnosis),
        affected={
            "count": counts.total(),
            "by_kind": dict(sorted(counts.items())),
            "names": [ledger.tree.devices[device].name for device in sorted(gone)[:NAMES]],
        },
    )


def _health(ledger: Ledger, device: str, since: datetime) -> Health:
    """Good is who was heard after the fall: before, everybody was."""
    own, seen = ledger.own[device], ledger.heard.alive_at(device)
    if own.state is State.DOWN:
        return Health.BAD
    return Health.GOOD if own.state is State.UP and seen is not None and seen > since else Health.UNSEEN


@dataclass(frozen=True, slots=True)
class _Healths(Mapping[str, Health]):
    """The health of everybody, reckoned for whom it is asked."""

    ledger: Ledger
    since: datetime

    def __getitem__(self, device: str) -> Health:
        return _health(self.ledger, device, self.since)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ledger.own)

    def __len__(self) -> int:
        return len(self.ledger.own)


def _break(ledger: Ledger, root: str, since: datetime, hanging: Collection[str]) -> Break | None:
    """Where the fibre above the root is broken; None where it does not hang on its parent by fibre."""
    if not _on_fibre(ledger, root):
        return None
    found = locate(ledger.tree.plant, _Healths(ledger, since), within={root, *hanging})
    return next((one for one in found if root in one.explained), None)


def _on_fibre(ledger: Ledger, device: str) -> bool:
    return OPTICAL in KINDS[ledger.tree.kind(device)].metrics


def _signs(
    ledger: Ledger,
    root: str,
    since: datetime,
    health: Mapping[str, Health],
    optical: Sequence[tuple[datetime, float]],
) -> Signs:
    values = list(health.values())
    return Signs(
        last_gasp=root in ledger.heard.gasps and ledger.power.lost(root, since),
        on_mains=False if ledger.power.lost(root, since) else None,
        feeder=ledger.tree.kind(root) == FEEDER,
        optical=optical,
        alive_below=Health.GOOD in values,
        fallen_below=values.count(Health.BAD),
        on_fibre=_on_fibre(ledger, root),
    )


def _place(place: Break | None, diagnosis: Diagnosis) -> dict[str, object]:
    because = [sign.value for sign in diagnosis.because]
    if place is None:
        return {"because": because}
    return {"above": list(place.above), "below": place.root, "metres": place.metres, "because": because}


def _title(
    ledger: Ledger, root: str, place: Break | None, cls: Class, counts: Mapping[str, int], language: Language
) -> str:
    which = 0 if language == "id" else 1
    device = ledger.tree.devices[root]
    counted = ", ".join(f"{counts[kind]} {COUNTED[kind][which]}" for kind in COUNTED if counts.get(kind))
    return TITLES[cls][which].format(
        name=device.name,
        where=_where(root, place, which),
        area=f", {device.area}" if device.area else "",
        below=f": {counted}" if counted else "",
    )


def _where(root: str, place: Break | None, which: int) -> str:
    if place is None or not place.above:
        return BEFORE[which].format(root=root.upper())
    above = EITHER[which].join(one.upper() for one in place.above)
    return BETWEEN[which].format(above=above, root=root.upper(), metres=_metres(place.metres, which))


def _metres(metres: float | None, which: int) -> str:
    if metres is None:
        return ""
    length = f"{metres:.0f} m" if metres < 1_000 else f"{metres / 1_000:.1f} km".replace(".", DECIMAL[which])
    return f" ({length})"
