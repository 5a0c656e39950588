"""Pure: what is stored of a device becomes what is shown of it, where it can still be believed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from dashboards.cameras.freshness import is_fresh
from dashboards.shapes import DeviceShape, StateCounts, Summary, Value
from devices.secrecy import without_secrets
from devices.state import Reason, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How far the engine has judged: until then what it stored holds. Older than that, nobody knows what holds now."""

    at: datetime | None
    believed: bool

    @classmethod
    def of(cls, at: datetime | None, now: datetime, fresh_seconds: float) -> Self:
        return cls(at=at, believed=is_fresh(at, now, fresh_seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a device is said to be: by the engine, where that can be believed. Without a reason nobody judged it yet."""

    state: State = State.UNKNOWN
    since: datetime | None = None
    cause: str | None = None
    marks: tuple[str, ...] = ()
    reason: Reason | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any] | None, judged: Judged) -> Self:
        """From a row with queries.STANDING_COLUMNS. A state that nobody judges any more is unknown since then."""
        if not judged.believed:
            return cls(since=judged.at, reason=Reason.BLIND)
        if row is None or row["state"] is None:
            return cls()
        return cls(
            state=State(row["state"]),
            since=row["since"],
            cause=row["cause"],
            marks=tuple(row["marks"]),
            reason=Reason(row["reason"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A row of the registry, what the engine stored of its device, and what that said last."""

    entry: Mapping[str, Any]
    stored: Mapping[str, Any] | None
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
        stored=row,
        last_seen=row["last_seen"],
        latest={metric: Value.model_construct(value=value, time=time) for metric, value, time in readings},
    )


def shape(seen: Seen, judged: Judged) -> DeviceShape:
    """The contract's device."""
    entry, standing = seen.entry, Standing.of(seen.stored, judged)
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
        state=standing.state,
        cause=standing.cause,
        since=standing.since,
        marks=list(standing.marks),
        reason=standing.reason,
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
    judged: Judged,
    blind_after_seconds: float,
    now: datetime,
) -> Summary:
    """The contract's summary, of a row of queries.NEWEST."""
    return Summary(
        devices=counts,
        incidents_open=incidents_open,
        newest_reading=newest["newest_reading"],
        blind_since=blind_since(newest, judged, now - timedelta(seconds=blind_after_seconds)),
        server_time=now,
    )


def blind_since(newest: Mapping[str, Any], judged: Judged, limit: datetime) -> datetime | None:
    """Since when we are blind in any way: nothing arrives, the engine says so, or it says nothing itself any more."""
    unjudged = None if judged.believed else judged.at or newest["first_device"]
    ways = (_nothing_since(newest, limit), newest["blind_window"], unjudged)
    return min((since for since in ways if since is not None), default=None)


def _nothing_since(newest: Mapping[str, Any], limit: datetime) -> datetime | None:
    """When the last reading arrived, or the first device was registered, where that is older than the limit.

    Receipt counts, not the devices' own time: a late reading is old news, but it shows that we hear.
    """
    if newest["first_device"] is None:
        return None
    heard: datetime = newest["newest_receipt"] or newest["first_device"]
    return heard if heard < limit else None
