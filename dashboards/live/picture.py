"""The city as the live stream last showed it: takes what the database says, tells what is new. No I/O, no clock."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from alerts.alert import State as AlertState
from dashboards.live.device_data import device_of
from dashboards.live.messages import Change, Topic
from dashboards.live.newest import Newest
from dashboards.live.pacing import Pacing
from dashboards.seen import Judged, Seen, Standing, blind_since, entry_of, summarise
from dashboards.shapes import AlertShape, IncidentShape, StateCounts, Summary, Value

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one look at the database found.

    `registry` is None where it is as it was. Where it changed, `latest` and `standings` must be whole, for a device may
    be new here and old there. `alerts` and `incidents` are those open, and those that were open in the picture.
    `judged` has judged_at, blind_window and first_device.
    """

    registry: Sequence[Row] | None
    latest: Sequence[Row]
    standings: Sequence[Row]
    alerts: Sequence[AlertShape]
    incidents: Sequence[IncidentShape]
    judged: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The whole city at one moment: each device with its standing. Nothing of it changes any more."""

    at: datetime
    summary: Summary
    devices: Sequence[tuple[Seen, Standing]]
    alerts: Sequence[AlertShape]
    incidents: Sequence[IncidentShape]


class Picture:
    """Every device of the registry with its standing, and the alerts and incidents that are open."""

    def __init__(self, *, blind_after_seconds: float, judged_fresh_seconds: float, coalesce_seconds: float) -> None:
        self._blind_after_seconds = blind_after_seconds
        self._judged_fresh_seconds = judged_fresh_seconds
        self._devices: dict[str, Seen] = {}
        self._told: dict[str, Standing] = {}
        self._told_by: Judged | None = None
        self._alerts: dict[int, AlertShape] = {}
        self._incidents: dict[int, IncidentShape] = {}
        self._pacing = Pacing(coalesce_seconds)
        self._newest = Newest()
        self._engine: Row = dict.fromkeys(("first_device", "judged_at", "blind_window"))

    def take(self, found: Found, now: datetime) -> list[Change]:
        """What a client that knew the picture until now must be told at once."""
        removed, renewed = self._register(found.registry)
        restood = self._stand(found.standings)
        if found.registry is not None:
            self._newest = Newest()
        self._newest.hear(found.latest)
        moved = self._read(found.latest)
        self._engine = found.judged
        # Whoever is told of a whole device has its readings too.
        self._pacing.hold({device: metrics for device, metrics in moved.items() if device not in renewed})
        self._pacing.drop(removed | renewed)
        return [
            *(Change(Topic.DEVICE, {"id": device, "removed": True}) for device in sorted(removed)),
            *self._devices_told(renewed, restood, now),
            *self.readings_due(now),
            *self._alerts_told(found.alerts),
            *self._incidents_told(found.incidents),
        ]

    def readings_due(self, now: datetime) -> list[Change]:
        """Readings that were held back until now, lest a device be told of oftener than once per coalesce_seconds."""
        judged = self._judged(now)
        return [self._reading(device, metrics, judged) for device, metrics in self._pacing.release(now).items()]

    def seconds_to_wait(self, now: datetime) -> float | None:
        """Until readings are due that nobody was told; None where there are none."""
        return self._pacing.seconds_to_wait(now)

    def scene(self, now: datetime) -> Scene:
        """Everything that a client needs who knows nothing, as of the last look, which was `now`."""
        summary = summarise(
            self._counts(),
            self._row(),
            incidents_open=len(self._incidents),
            judged=self._judged(now),
            blind_after_seconds=self._blind_after_seconds,
            now=now,
        )
        return Scene(
            at=now,
            summary=summary,
            devices=[(seen, self._told[device]) for device, seen in self._devices.items()],
            alerts=list(self._alerts.values()),
            incidents=list(self._incidents.values()),
        )

    def blind_since(self, now: datetime) -> datetime | None:
        """Since when we are blind, if we are."""
        limit = now - timedelta(seconds=self._blind_after_seconds)
        return blind_since(self._row(), self._judged(now), limit)

    def open_alerts(self) -> list[int]:
        """Ids of the alerts that were open when last heard of."""
        return list(self._alerts)

    def open_incidents(self) -> list[int]:
        """Numbers of the incidents that were open when last heard of."""
        return list(self._incidents)

    def _judged(self, now: datetime) -> Judged:
        return Judged.of(self._engine["judged_at"], now, self._judged_fresh_seconds)

    def _row(self) -> Row:
        """As queries.NEWEST has it."""
        return {**self._engine, "newest_reading": self._newest.reading, "newest_receipt": self._newest.receipt}

    def _counts(self) -> dict[str, StateCounts]:
        counted = Counter((seen.entry["kind"], self._told[device].state) for device, seen in self._devices.items())
        counts: dict[str, StateCounts] = {}
        for (kind, state), number in sorted(counted.items()):
            count = counts.setdefault(kind, StateCounts())
            count.total += number
            setattr(count, state.value, number)
        return counts

    def _register(self, registry: Sequence[Row] | None) -> tuple[set[str], set[str]]:
        """Ids removed, and ids added or changed."""
        if registry is None:
            return set(), set()
        before, entries = self._devices, {row["id"]: entry_of(row) for row in registry}
        self._devices = {
            device: replace(before[device], entry=entry) if device in before else _unseen(entry)
            for device, entry in entries.items()
        }
        renewed = {device for device, entry in entries.items() if device not in before or before[device].entry != entry}
        removed = before.keys() - entries.keys()
        for device in removed:
            self._told.pop(device, None)
        return removed, renewed

    def _stand(self, rows: Sequence[Row]) -> set[str]:
        """What the engine makes of devices now: ids of those it says anything of."""
        known = [row for row in rows if row["device"] in self._devices]
        for row in known:
            self._devices[row["device"]] = replace(self._devices[row["device"]], stored=row)
        return {row["device"] for row in known}

    def _read(self, rows: Sequence[Row]) -> dict[str, list[str]]:
        """Metrics with a newer reading, by device. A row seen before is no news."""
        moved: dict[str, list[str]] = {}
        for row in rows:
            seen = self._devices.get(row["device"])
            if seen is not None and _is_news(seen, row):
                self._devices[row["device"]] = _with_reading(seen, row)
                moved.setdefault(row["device"], []).append(row["metric"])
        return moved

    def _devices_told(self, renewed: set[str], restood: set[str], now: datetime) -> Iterator[Change]:
        """Whole devices: those renewed, and those whose standing is another than the one last told."""
        judged = self._judged(now)
        for device in self._devices if self._believed_anew(judged) else sorted(renewed | restood):
            seen = self._devices[device]
            standing = Standing.of(seen.stored, judged)
            if device in renewed or self._told.get(device) != standing:
                self._told[device] = standing
                yield Change(Topic.DEVICE, device_of(seen, standing))

    def _believed_anew(self, judged: Judged) -> bool:
        """Whether every standing may be another, though the engine said nothing of them."""
        before, self._told_by = self._told_by, judged
        if before is None or before.believed != judged.believed:
            return True
        return not judged.believed and before.at != judged.at

    def _reading(self, device: str, metrics: Iterable[str], judged: Judged) -> Change:
        seen = self._devices[device]
        standing = Standing.of(seen.stored, judged)
        latest = {metric: {"value": seen.latest[metric].value, "time": seen.latest[metric].time} for metric in metrics}
        said = {"state": standing.state, "since": standing.since, "last_seen": seen.last_seen}
        return Change(Topic.READING, {"device": device, **said, "latest": latest})

    def _alerts_told(self, alerts: Sequence[AlertShape]) -> Iterator[Change]:
        for alert in alerts:
            if alert.state is AlertState.RESOLVED:
                was = self._alerts.pop(alert.id, None)
            else:
                was, self._alerts[alert.id] = self._alerts.get(alert.id), alert
            if alert != was:
                yield Change(Topic.ALERT, alert.model_dump())

    def _incidents_told(self, incidents: Sequence[IncidentShape]) -> Iterator[Change]:
        for incident in incidents:
            was = self._incidents.pop(incident.id, None)
            if incident.state == "open":
                self._incidents[incident.id] = incident
            if incident != was:
                yield Change(Topic.INCIDENT, incident.model_dump(by_alias=True))


def _unseen(entry: Row) -> Seen:
    return Seen(entry=entry, stored=None, last_seen=None, latest={})


def _is_news(seen: Seen, row: Row) -> bool:
    known = seen.latest.get(row["metric"])
    return known is None or known.time < row["time"]


def _with_reading(seen: Seen, row: Row) -> Seen:
    alive = min(row["time"], row["received_at"])
    value = Value.model_construct(value=row["value"], time=row["time"])
    return replace(
        seen,
        last_seen=alive if seen.last_seen is None else max(seen.last_seen, alive),
        latest={**seen.latest, row["metric"]: value},
    )
