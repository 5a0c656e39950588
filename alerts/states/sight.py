"""Pure: when we could see, from the times in which ingest had both broker and database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from devices.state import Gap

# Ingest extends its time every few seconds. Older than this, it has ended.
FRESH = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uptime:
    """A row of ingest_uptime."""

    worker: int
    since: datetime
    until: datetime


def gaps(rows: Iterable[Uptime], *, workers: int, now: datetime) -> list[Gap]:
    """The times in which we could not see, oldest first; the last one is open where we cannot see now.

    Workers divide what devices say among them, so we see only while all of them do. A worker that never was there, of
    a city that began with fewer, is no gap but as long as it lasts; where none ever was, nothing can be said.
    """
    known: defaultdict[int, list[Uptime]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.since):
        if row.worker <= workers:
            known[row.worker].append(row)
    return _joined(gap for times in known.values() for gap in _of_worker(times, now))


def seen_until(rows: Iterable[Uptime], *, workers: int, now: datetime) -> datetime:
    """How far we are known to have seen. Between two beats nobody knows yet whether a silence is theirs or ours.

    Where no worker ever was, nothing speaks against now.
    """
    newest: dict[int, datetime] = {}
    for row in rows:
        if row.worker <= workers:
            newest[row.worker] = max(row.until, newest.get(row.worker, row.until))
    return min([now, *newest.values()])


def _of_worker(times: Sequence[Uptime], now: datetime) -> Iterable[Gap]:
    """`times` in the order of their beginnings; a row may lie within another that a slower process wrote."""
    until = times[0].until
    for row in times[1:]:
        if row.since > until:
            yield Gap(since=until, until=row.since)
        until = max(until, row.until)
    if now - until > FRESH:
        yield Gap(since=until)


def _joined(found: Iterable[Gap]) -> list[Gap]:
    """The gaps of all workers as one line of gaps that do not touch."""
    joined: list[Gap] = []
    for gap in sorted(found, key=lambda gap: gap.since):
        last = joined[-1] if joined else None
        if last is None or (last.until is not None and last.until < gap.since):
            joined.append(gap)
        else:
            joined[-1] = Gap(since=last.since, until=_later(last.until, gap.until))
    return joined


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later end; None is no end at all."""
    return None if one is None or other is None else max(one, other)
