"""The city as the live stream last showed it: takes what the database says, tells what is new. No I/O, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from alerts.alert import State as AlertState
from dashboards.live.messages import Change, Topic
from dashboards.seen import Judged, Seen, Standing, blind_since, count_states, entry_of, shape, summarise
from dashboards.shapes import AlertShape, IncidentShape, Value

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one look at the database found, and where the next begins.

    `registry` is None where it is as it was. Where it changed, `latest` and `standings` must be whole, for a device may
    be new here and old there. `alerts` and `incidents` are those open, and those that were open in the picture.
    """

    horizon: str
    registry_print: tuple[int, int]
    registry: Sequence[Row] | None
    latest: Sequence[Row]
    standings: Sequence[Row]
    alerts: Sequence[AlertShape]
    incidents: Sequence[IncidentShape]
    newest: Row


class Picture:
    """Every device of the registry with its standing, and the alerts and incidents that are open."""

    def __init__(self, *, blind_after_seconds: float, judged_fresh_seconds: float) -> None:
        self._blind_after_seconds = blind_after_seconds
        self._judged_fresh_seconds = judged_fresh_seconds
        self._devices: dict[str, Seen] = {}
        self._told: dict[str, Standing] = {}
        self._alerts: dict[int, AlertShape] = {}
        self._incidents: dict[int, IncidentShape] = {}
        self._newest: Row = dict.fromkeys(
            ("newest_reading", "newest_receipt", "first_device", "judged_at", "blind_window")
        )

    def take(self, found: Found, now: datetime) -> list[Change]:
        """What a client that knew the picture until now must be told."""
        removed, renewed = self._register(found.registry)
        self._stand(found.standings)
        moved = self._read(found.latest)
        self._newest = found.newest
        return [
            *(Change(Topic.DEVICE, {"id": device, "removed": True}) for device in removed),
            *self._devices_told(renewed, now),
            *(self._reading(device, metrics, now) for device, metrics in moved.items() if device not in renewed),
            *self._alerts_told(found.alerts),
            *self._incidents_told(found.incidents),
        ]

    def snapshot(self, now: datetime) -> Change:
        """Everything a client needs that knows nothing."""
        judged = self._judged(now)
        shapes = [shape(seen, judged) for seen in self._devices.values()]
        summary = summarise(
            count_states((shown.kind, shown.state) for shown in shapes),
            self._newest,
            incidents_open=len(self._incidents),
            judged=judged,
            blind_after_seconds=self._blind_after_seconds,
            now=now,
        )
        told = {"alerts": list(self._alerts.values()), "incidents": list(self._incidents.values())}
        return Change(Topic.SNAPSHOT, {"server_time": now, "summary": summary, "devices": shapes, **told})

    def blind_since(self, now: datetime) -> datetime | None:
        """Since when we are blind, if we are."""
        limit = now - timedelta(seconds=self._blind_after_seconds)
        return blind_since(self._newest, self._judged(now), limit)

    def open_alerts(self) -> list[int]:
        """Ids of the alerts that were open when last heard of."""
        return list(self._alerts)

    def open_incidents(self) -> list[int]:
        """Numbers of the incidents that were open when last heard of."""
        return list(self._incidents)

    def _judged(self, now: datetime) -> Judged:
        return Judged.of(self._newest["judged_at"], now, self._judged_fresh_seconds)

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

    def _stand(self, rows: Sequence[Row]) -> None:
        """What the engine makes of devices now."""
        for row in rows:
            seen = self._devices.get(row["device"])
            if seen is not None:
                self._devices[row["device"]] = replace(seen, stored=row)

    def _read(self, rows: Sequence[Row]) -> dict[str, list[str]]:
        """Metrics with a newer reading, by device. A row seen before is no news."""
        moved: dict[str, list[str]] = {}
        for row in rows:
            seen = self._devices.get(row["device"])
            if seen is not None and _is_news(seen, row):
                self._devices[row["device"]] = _with_reading(seen, row)
                moved.setdefault(row["device"], []).append(row["metric"])
        return moved

    def _devices_told(self, renewed: set[str], now: datetime) -> Iterator[Change]:
        """Whole devices: those renewed, and those whose standing is another than the one last told."""
        judged = self._judged(now)
        for device, seen in self._devices.items():
            standing = Standing.of(seen.stored, judged)
            if device in renewed or self._told.get(device) != standing:
                self._told[device] = standing
                yield Change(Topic.DEVICE, shape(seen, judged).model_dump())

    def _reading(self, device: str, metrics: list[str], now: datetime) -> Change:
        shown = shape(self._devices[device], self._judged(now))
        latest = {metric: shown.latest[metric] for metric in metrics}
        standing = {"state": shown.state, "since": shown.since, "last_seen": shown.last_seen}
        return Change(Topic.READING, {"device": device, **standing, "latest": latest})

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
