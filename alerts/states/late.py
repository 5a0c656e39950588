"""What was learned late is written into the history of the devices that it is about."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from alerts.states import queries
from alerts.states.history import Reading, Row, corrected, stretches
from alerts.states.ledger import Ledger
from devices.kinds import KINDS
from devices.state import Bucket, Reason, State

Connection = AsyncConnection[Any]

# Devices whose history is read at a time.
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    since: datetime
    until: datetime

    def widened(self, by: timedelta) -> "Span":
        return Span(since=self.since - by, until=self.until + by)


@dataclass(slots=True)
class History:
    """Neighbouring rows of one device, oldest first; whether the last of them goes on."""

    rows: list[Row] = field(default_factory=list)
    is_open: bool = False


async def spans(connection: Connection, cursor: str) -> dict[str, Span]:
    """The event times of late readings that were written since a cursor, by device."""
    rows = await (await connection.execute(queries.LATE, {"cursor": cursor})).fetchall()
    return {device: Span(since=since, until=until) for device, since, until in rows}


async def correct(
    connection: Connection, ledger: Ledger, about: Mapping[str, Span], now: datetime, *, unwatched: bool = False
) -> int:
    """Bring the history of these devices to what their readings say; returns how many had another one."""
    devices, changed = [device for device in about if device in ledger.limits], 0
    for start in range(0, len(devices), AT_ONCE):
        some = {device: about[device] for device in devices[start : start + AT_ONCE]}
        changed += await _correct(connection, ledger, some, now, unwatched=unwatched)
    if changed:
        await connection.execute(queries.TELL)
    return changed


async def _correct(
    connection: Connection, ledger: Ledger, about: Mapping[str, Span], now: datetime, *, unwatched: bool
) -> int:
    """A reading speaks for as long as a silence may last, so as much is read before and behind each span."""
    wide = {device: span.widened(ledger.limits[device].silence) for device, span in about.items()}
    rows = await _rows(connection, wide, now)
    readings = await _readings(connection, ledger, {device: wide[device] for device in rows})
    old, new = [], []
    for device, history in rows.items():
        limits, known = ledger.limits[device], history.rows
        found = stretches(readings.get(device, []), limits, about[device].since, min(wide[device].until, now))
        learned = corrected(known, found, now, unwatched=unwatched)
        if history.is_open and learned[-1].state is not known[-1].state:
            # What is so now is judged by what is newest, which historical readings never are.
            learned = [*corrected(known[:-1], found, now, unwatched=unwatched), known[-1]]
        if learned != known:
            old += [{"device_id": device, "since": row.since} for row in known]
            new += [_stored(device, row) for row in learned]
            if history.is_open:
                new[-1]["until"] = None
                ledger.standings[device] = replace(ledger.standings[device], since=learned[-1].since)
    if old:
        await connection.execute(queries.FORGET, {"rows": _jsonb(old)})
        await connection.execute(queries.LEARN, {"rows": _jsonb(new)})
    return len({row["device_id"] for row in old})


async def _rows(connection: Connection, about: Mapping[str, Span], now: datetime) -> dict[str, History]:
    """What the history says now; of an open row what lies before now."""
    cursor = await connection.cursor(row_factory=dict_row).execute(queries.ROWS, _columns(about))
    found: dict[str, History] = {}
    for row in await cursor.fetchall():
        device, until = row.pop("device_id"), row["until"]
        if row["since"] >= now:
            continue
        typed = {"state": State(row["state"]), "reason": Reason(row["reason"]), "bucket": Bucket(row["bucket"])}
        history = found.setdefault(device, History())
        if history.rows:  # a clock that was set back may have begun a row within the one before
            last = history.rows[-1]
            history.rows[-1] = replace(last, until=min(last.until, row["since"]))
        history.rows.append(Row(**{**row, **typed, "until": until or now, "marks": tuple(row["marks"])}))
        history.is_open = until is None
    return found


async def _readings(connection: Connection, ledger: Ledger, about: Mapping[str, Span]) -> dict[str, list[Reading]]:
    found: defaultdict[str, list[Reading]] = defaultdict(list)
    for device, at, metric, value in await (await connection.execute(queries.READINGS, _columns(about))).fetchall():
        probe = KINDS[ledger.tree.kind(device)].probe
        failed = probe is not None and probe.metric == metric and probe.failed == value
        found[device].append(Reading(at=at, failed=failed))
    return {device: _by_moment(readings) for device, readings in found.items()}


def _by_moment(readings: list[Reading]) -> list[Reading]:
    """One per moment: where a failed probe stands among other values of its moment, it is what the moment says."""
    moments: dict[datetime, Reading] = {}
    for reading in readings:
        known = moments.get(reading.at)
        moments[reading.at] = reading if known is None else replace(known, failed=known.failed or reading.failed)
    return list(moments.values())


def _stored(device: str, row: Row) -> dict[str, object]:
    return {"device_id": device, **{field.name: getattr(row, field.name) for field in fields(Row)}}


def _columns(about: Mapping[str, Span]) -> dict[str, list[Any]]:
    return {
        "devices": list(about),
        "since": [span.since for span in about.values()],
        "until": [span.until for span in about.values()],
    }


def _jsonb(rows: list[dict[str, object]]) -> Jsonb:
    return Jsonb(rows, dumps=msgspec.json.encode)
