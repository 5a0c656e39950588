"""States in the database: what is open, what was heard since, what moved."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, takewhile
from operator import itemgetter
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from alerts.maintenance import Match, covered
from alerts.metrics import MAINTENANCE_REFUSED
from alerts.recurrence import Window, active
from alerts.states import queries
from alerts.states.evidence import Run, Word
from alerts.states.ledger import Ledger
from alerts.states.sight import Uptime
from alerts.states.standing import Moved, Standing
from devices.flapping import CHECKS
from devices.kinds import KINDS
from devices.reading import Status
from devices.state import Bucket, Gap, Mark, Reason, State

Connection = AsyncConnection[Any]
Row = Mapping[str, Any]

# A gasp may be committed so long after it was received: read twice, it is no other.
GASP_SLACK = timedelta(minutes=5)
FLAPPING_MEMORY = timedelta(hours=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How far an earlier run of the engine has judged, and has read late readings."""

    at: datetime
    late_cursor: str


async def recall(connection: Connection, ledger: Ledger, now: datetime) -> Judged | None:
    """What the database knows of an earlier run: standings, changes, our uplink. None where there was none."""
    cursor = await connection.cursor(row_factory=dict_row).execute(queries.OPEN_STATES)
    ledger.standings = {row["device_id"]: _standing(row) for row in await cursor.fetchall()}
    rows = await (await connection.execute(queries.LATE_CHANGES, {"after": now - FLAPPING_MEMORY})).fetchall()
    for device, since in rows:
        ledger.changes.setdefault(device, deque(maxlen=CHECKS)).append(since)
    uplink = await (await connection.execute(queries.LAST_UPLINK)).fetchone()
    ledger.suspicion.uplink = None if uplink is None else Gap(since=uplink[0], until=uplink[1])
    judged = await (await connection.execute(queries.JUDGED)).fetchone()
    return None if judged is None else Judged(at=judged[0], late_cursor=judged[1])


async def words(connection: Connection, cursor: str) -> dict[str, Word]:
    rows = await (await connection.execute(queries.WORDS, {"cursor": cursor})).fetchall()
    return {device: Word(status=Status(status), at=at, retained=retained) for device, status, at, retained in rows}


async def gasps(connection: Connection, after: datetime) -> dict[str, datetime]:
    rows = await (await connection.execute(queries.GASPS, {"after": after - GASP_SLACK})).fetchall()
    return dict(rows)


async def runs(connection: Connection, ledger: Ledger, devices: Iterable[str]) -> dict[str, Run | None]:
    """Runs of failed probes of these devices; None where the newest probe did not fail."""
    probed = {device: probe for device in devices if (probe := KINDS[ledger.tree.kind(device)].probe) is not None}
    found: dict[str, Run | None] = dict.fromkeys(probed)
    failing = [device for device in probed if ledger.heard.newest_is(device, probed[device])]
    if failing:
        wanted = {
            "devices": failing,
            "metrics": [probed[device].metric for device in failing],
            "counts": [ledger.limits[device].attempts for device in failing],
        }
        rows = await (await connection.execute(queries.PROBES, wanted)).fetchall()
        for device, results in groupby(rows, key=itemgetter(0)):
            failed = [at for _, at, value in takewhile(lambda row: row[2] == probed[row[0]].failed, results)]
            found[device] = Run(count=len(failed), since=failed[-1]) if failed else None
    return found


async def uptime(connection: Connection, *, workers: int, after: datetime) -> list[Uptime]:
    """When ingest could see, since `after`, and the last two times of each worker before."""
    cursor = connection.cursor(row_factory=class_row(Uptime))
    return await (await cursor.execute(queries.UPTIME, {"after": after, "workers": workers})).fetchall()


async def maintained(connection: Connection, ledger: Ledger, now: datetime) -> frozenset[str]:
    cursor = connection.cursor(row_factory=dict_row)
    rows = await (await cursor.execute(queries.MAINTENANCE, {"now": now})).fetchall()
    return covered(_usable(rows, now), ledger.tree)


def _usable(rows: Iterable[Row], now: datetime) -> Iterator[Match]:
    """A row written by hand that names nothing, or what does not exist, covers nothing; and must stop nobody else."""
    for row in rows:
        try:
            if active(Window(**{name: row[name] for name in Window.__dataclass_fields__}), now) is not None:
                yield Match.model_validate(row["match"])
        except (ValueError, LookupError):  # also what is no match, no recurrence and no time zone
            MAINTENANCE_REFUSED.inc()


async def save(connection: Connection, moved: Sequence[Moved]) -> None:
    """Store standings that are others now: a new row of the history, or the open one anew."""
    if not moved:
        return
    rows = Jsonb([_row(one.device, one.after) for one in moved], dumps=msgspec.json.encode)
    await connection.execute(queries.END_STATES, {"rows": rows})
    await connection.execute(queries.PUT_STATES, {"rows": rows})
    await connection.execute(queries.TELL)


async def correct_blind(connection: Connection, reason: str, windows: Sequence[Gap], after: datetime) -> None:
    """What is known by now of the times since `after` in which we could not see: a late beat may tell otherwise."""
    known = {"reason": reason, "after": after, "since": [window.since for window in windows]}
    await connection.execute(queries.FORGET_BLIND, known)
    await save_blind(connection, reason, windows)


async def save_blind(connection: Connection, reason: str, windows: Iterable[Gap]) -> None:
    for window in windows:
        values = {"reason": reason, "since": window.since, "until": window.until}
        await connection.execute(queries.PUT_BLIND, values)


def merged(moved: Iterable[Moved]) -> list[Moved]:
    """Of several moves of a device within a round, the first before and the last after."""
    first: dict[str, Moved] = {}
    for one in moved:
        known = first.get(one.device)
        first[one.device] = one if known is None else Moved(device=one.device, before=known.before, after=one.after)
    return list(first.values())


def _row(device: str, standing: Standing) -> dict[str, object]:
    settling = {"settling_since": standing.settling_since, "settle_until": standing.settle_until}
    noted = {"noted_at": standing.noted_at} | {key: value for key, value in settling.items() if value is not None}
    return {
        "device_id": device,
        "since": standing.since,
        "state": standing.state,
        "cause": standing.cause,
        "reason": standing.reason,
        "marks": sorted(standing.marks),
        "bucket": standing.bucket,
        "detail": {**standing.evidence, **noted},
    }


def _standing(row: Row) -> Standing:
    evidence = dict(row["detail"])
    noted, settling, settle = (
        _moment(evidence.pop(key, None)) for key in ("noted_at", "settling_since", "settle_until")
    )
    return Standing(
        state=State(row["state"]),
        since=row["since"],
        reason=Reason(row["reason"]),
        bucket=Bucket(row["bucket"]),
        noted_at=noted or row["since"],
        cause=row["cause"],
        marks=frozenset(map(Mark, row["marks"])),
        settling_since=settling,
        settle_until=settle,
        evidence=evidence,
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
