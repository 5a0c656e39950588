"""Pure: what a device was by its readings of a past time, and what that makes of its history.

Late and historical readings correct what was written without them; they never page. A failed probe learned late is an
outage learned late, with both times. What we could not see stays unseen: nobody was watching.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from devices.state import Bucket, Limits, Mark, Reason, State, bucket_of

# Rows that rest on having heard nothing, which a late reading may show to be untrue. A word of the device's own stands.
UNHEARD = frozenset({Reason.SILENCE, Reason.NEVER_HEARD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A closed stretch of device_state, or what of an open one lies in the past."""

    since: datetime
    until: datetime
    state: State
    reason: Reason
    bucket: Bucket
    cause: str | None = None
    marks: tuple[str, ...] = ()
    heard_at: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What the readings of a time say, by themselves: up, or down for silence or failed probes."""

    since: datetime
    until: datetime
    state: State
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`failed`: it is the result of a probe that was not answered, so it proves no life."""

    at: datetime
    failed: bool = False


def stretches(readings: Sequence[Reading], limits: Limits, since: datetime, until: datetime) -> list[Stretch]:
    """The time from `since` to `until`, cut where the readings say something else. Readings in the order of time.

    They should reach back by the longest silence before `since`, for that is how long one speaks.
    """
    cuts = [*_cuts(readings, limits, since, until), (until, State.UNKNOWN, Reason.NEVER_HEARD)]
    found: list[Stretch] = []
    for (at, state, reason), (following, *_) in pairwise(cuts):
        begin, end = max(at, since), min(following, until)
        if begin >= end:
            continue
        if found and (found[-1].state, found[-1].reason) == (state, reason):
            found[-1] = replace(found[-1], until=end)
        else:
            found.append(Stretch(since=begin, until=end, state=state, reason=reason))
    return found


def corrected(rows: Iterable[Row], found: Sequence[Stretch], now: datetime, *, unwatched: bool = False) -> list[Row]:
    """The rows as they are with what was learned.

    `unwatched`: nobody judged meanwhile, so that a silence which the rows do not know was an outage all the same.
    """
    return _joined(part for row in rows for part in _parts(row, found, now, unwatched=unwatched))


def _cuts(
    readings: Sequence[Reading], limits: Limits, since: datetime, until: datetime
) -> Iterator[tuple[datetime, State, Reason]]:
    """Where the state changes, as if all had been heard at its time."""
    failing: list[datetime] = []
    last = None
    yield since, State.DOWN, Reason.SILENCE
    for reading in readings:
        if last is not None and reading.at - last > limits.silence:
            failing = []
            yield last + limits.interval, State.DOWN, Reason.SILENCE
        last = reading.at
        if not reading.failed:
            failing = []
            yield reading.at, State.UP, Reason.HEARD
        elif len(failing) < limits.attempts:
            failing.append(reading.at)
            if len(failing) == limits.attempts:
                yield failing[0], State.DOWN, Reason.PROBES
    if last is not None and until - last > limits.silence:
        yield last + limits.interval, State.DOWN, Reason.SILENCE


def _parts(row: Row, found: Sequence[Stretch], now: datetime, *, unwatched: bool) -> Iterator[Row]:
    at = row.since
    for stretch in found:
        since, until = max(stretch.since, row.since), min(stretch.until, row.until)
        if since >= until or not _teaches(row, stretch, unwatched=unwatched):
            continue
        if at < since:
            yield replace(row, since=at, until=since)
        yield _learned(row, stretch, since, until, now)
        at = until
    if at < row.until:
        yield replace(row, since=at)


def _teaches(row: Row, stretch: Stretch, *, unwatched: bool) -> bool:
    """Whether the readings know better than the row."""
    if row.reason is Reason.BLIND:
        return False
    if stretch.state is State.UP:
        return row.reason in UNHEARD
    return row.state in (State.UP, State.DEGRADED) and (unwatched or stretch.reason is Reason.PROBES)


def _learned(row: Row, stretch: Stretch, since: datetime, until: datetime, now: datetime) -> Row:
    maintenance = Mark.MAINTENANCE in row.marks
    return replace(
        row,
        since=since,
        until=until,
        state=stretch.state,
        reason=stretch.reason,
        bucket=bucket_of(stretch.state, maintenance=maintenance),
        cause=None,
        marks=(Mark.MAINTENANCE.value,) if maintenance else (),
        heard_at=now,
        detail={},
    )


def _joined(rows: Iterable[Row]) -> list[Row]:
    """Neighbours that say the same are one."""
    joined: list[Row] = []
    for row in rows:
        last = joined[-1] if joined else None
        if last is not None and last.until == row.since and replace(last, since=row.since, until=row.until) == row:
            joined[-1] = replace(last, until=row.until)
        else:
            joined.append(row)
    return joined
