"""Incidents and suppressions in the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from alerts.alert import Severity
from alerts.held import HeldBack, Suppression
from alerts.incidents import queries
from alerts.incidents.incident import Incident, IncidentState

Connection = AsyncConnection[Any]
Optical = list[tuple[datetime, float]]


async def recall(connection: Connection) -> dict[str, Incident]:
    """Every open incident, by its root."""
    cursor = await connection.cursor(row_factory=dict_row).execute(queries.OPEN_INCIDENTS)
    return {row["root"]: _incident(row) for row in await cursor.fetchall()}


async def by_number(connection: Connection, ids: Collection[int]) -> dict[int, Incident]:
    """These incidents, over or not."""
    cursor = await connection.cursor(row_factory=dict_row).execute(queries.INCIDENTS, {"ids": list(ids)})
    return {row["id"]: _incident(row) for row in await cursor.fetchall()}


async def recall_held(connection: Connection, held: HeldBack) -> None:
    cursor = connection.cursor(row_factory=class_row(Suppression))
    held.stored(await (await cursor.execute(queries.HELD)).fetchall())


async def open_new(connection: Connection, incidents: Sequence[Incident]) -> list[Incident]:
    """The same incidents, each with its number."""
    if not incidents:
        return []
    cursor = await connection.execute(queries.OPEN, {"rows": _jsonb(map(_row, incidents))})
    ids = dict(await cursor.fetchall())
    return [replace(incident, id=ids[incident.root]) for incident in incidents]


async def change(connection: Connection, incidents: Sequence[Incident]) -> None:
    if incidents:
        await connection.execute(queries.CHANGE, {"rows": _jsonb(map(_row, incidents))})


async def merge(connection: Connection, into: Mapping[int, int], alerts: Sequence[int | None], now: datetime) -> None:
    """`alerts` are those that the round goes on to write."""
    if into:
        rows = _jsonb({"from": one, "into": other} for one, other in into.items())
        await connection.execute(queries.HOLD_ALERTS, {"incidents": list(into), "alerts": alerts})
        await connection.execute(queries.MERGE_ALERTS, {"rows": rows})
        await connection.execute(queries.MERGE_SUPPRESSIONS, {"rows": rows})
        await connection.execute(queries.MERGE_INCIDENTS, {"rows": rows, "now": now})


async def save_held(connection: Connection, held: HeldBack) -> None:
    """Store what began, changed or ended to be held back."""
    news = held.take_news()
    new, known = [one for one in news if one.id is None], [one for one in news if one.id is not None]
    if new:
        cursor = connection.cursor(row_factory=class_row(Suppression))
        await cursor.execute(queries.HOLD, {"rows": _jsonb(map(_row, new))})
        held.stored(await cursor.fetchall())
    if known:
        await connection.execute(queries.HOLD_ON, {"rows": _jsonb(map(_row, known))})


async def optical(connection: Connection, falls: Mapping[str, datetime]) -> dict[str, Optical]:
    """The optical power of points on the day before they fell: (time, dBm), oldest first."""
    found: defaultdict[str, Optical] = defaultdict(list)
    if falls:
        wanted = {"devices": list(falls), "falls": list(falls.values())}
        for device, time, value in await (await connection.execute(queries.OPTICAL, wanted)).fetchall():
            found[device].append((time, value))
    return found


def _incident(row: Mapping[str, Any]) -> Incident:
    typed = {"severity": Severity(row["severity"]), "state": IncidentState(row["state"])}
    return Incident(**{**row, **typed})


def _row(row: Incident | Suppression) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def _jsonb(rows: Iterable[object]) -> Jsonb:
    return Jsonb(list(rows), dumps=msgspec.json.encode)
