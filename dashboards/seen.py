"""Pure: what is known of a device becomes what is shown of it, judged against now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from dashboards.shapes import DeviceShape, StateCounts, Summary, Value
from devices.kinds import KINDS
from devices.reading import Status
from devices.secrecy import without_secrets
from devices.state import Evidence, Judgement, State, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A device's last word on its own connection."""

    status: Status
    status_at: datetime
    retained: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self | None:
        """From a row of device_status, or of a left join to it."""
        if row["status"] is None:
            return None
        return cls(status=Status(row["status"]), status_at=row["status_at"], retained=row["retained"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A row of the registry, and the evidence for its device."""

    entry: Mapping[str, Any]
    word: Word | None
    last_seen: datetime | None
    latest: Mapping[str, Value]


def entry_of(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """What may be shown of a row of the registry: no secret, however it came into the attributes."""
    return {**row, "attributes": without_secrets(row["attributes"])}


def seen_of(row: Mapping[str, Any]) -> Seen:
    """From a row of queries.SEEN_DEVICES."""
    readings = zip(row["metrics"] or (), row["values"] or (), row["times"] or (), strict=True)
    return Seen(
        entry=entry_of(row),
        word=Word.of(row),
        last_seen=row["last_seen"],
        latest={metric: Value.model_construct(value=value, time=time) for metric, value, time in readings},
    )


def judgement(kind: str, word: Word | None, last_seen: datetime | None, now: datetime) -> Judgement:
    """The device's state now; unknown where its kind is, for nobody can say how often it should speak."""
    if kind not in KINDS:
        return Judgement(state=State.UNKNOWN, since=None)
    return judge(_evidence(word, last_seen), interval_seconds=KINDS[kind].interval_seconds, now=now)


def _evidence(word: Word | None, last_seen: datetime | None) -> Evidence:
    """A birth heard as it happened proves life at that moment; a retained one may be from any earlier day."""
    if word is None:
        return Evidence(last_seen=last_seen)
    if word.status is Status.ONLINE and not word.retained:
        last_seen = max(filter(None, (last_seen, word.status_at)))
    return Evidence(last_seen=last_seen, status=word.status, status_at=word.status_at)


def shape(seen: Seen, now: datetime) -> DeviceShape:
    """The contract's device."""
    entry = seen.entry
    judged = judgement(entry["kind"], seen.word, seen.last_seen, now)
    return DeviceShape.model_construct(
        id=entry["id"],
        kind=entry["kind"],
        name=entry["name"],
        area=entry["area"],
        latitude=entry["latitude"],
        longitude=entry["longitude"],
        parents=entry["parents"],
        external_ids=entry["external_ids"],
        attributes=entry["attributes"],
        state=judged.state,
        cause=None,
        since=judged.since,
        marks=[],
        last_seen=seen.last_seen,
        latest=dict(seen.latest),
    )


def count_states(judged: Iterable[tuple[str, State]]) -> dict[str, StateCounts]:
    """Counts by kind, kinds in the order of their names."""
    counts: dict[str, StateCounts] = {}
    for kind, state in judged:
        count = counts.setdefault(kind, StateCounts())
        count.total += 1
        setattr(count, state.value, getattr(count, state.value) + 1)
    return dict(sorted(counts.items()))


def summarise(
    counts: dict[str, StateCounts],
    newest: Mapping[str, Any],
    *,
    incidents_open: int,
    blind_after_seconds: float,
    now: datetime,
) -> Summary:
    """The contract's summary, of a row of queries.NEWEST."""
    return Summary(
        devices=counts,
        incidents_open=incidents_open,
        newest_reading=newest["newest_reading"],
        blind_since=_blind_since(newest, now - timedelta(seconds=blind_after_seconds)),
        server_time=now,
    )


def _blind_since(newest: Mapping[str, Any], limit: datetime) -> datetime | None:
    """When the last reading arrived, or the first device was registered, where that is older than the limit.

    Receipt counts, not the devices' own time: a late reading is old news, but it shows that we hear.
    """
    if newest["first_device"] is None:
        return None
    heard: datetime = newest["newest_receipt"] or newest["first_device"]
    return heard if heard < limit else None
