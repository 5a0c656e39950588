"""Alerts in the database: what changed since the last look, what is open, what moved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from alerts import queries
from alerts.alert import Alert, Change, EndReason, Severity, State
from alerts.view import Key, Newest, View
from devices.device import Device

Connection = AsyncConnection[Any]


@dataclass(slots=True)
class Reader:
    """Brings a view up to date; remembers how far it has read."""

    view: View
    cursor: str = "0"
    registry: str = ""

    async def look(self, connection: Connection) -> None:
        """The registry where it changed, and the readings since the last look.

        The new cursor is older than the rows read with the old one: a row may come twice, none is missed.
        """
        cursor = await connection.cursor(row_factory=dict_row).execute(queries.LOOK)
        (mark,) = await cursor.fetchall()
        if mark["registry"] != self.registry:
            self.view.learn_devices(await _devices(connection))
        newest = connection.cursor(row_factory=class_row(Newest))
        self.view.learn_readings(await (await newest.execute(queries.NEWEST, {"cursor": self.cursor})).fetchall())
        self.cursor, self.registry = mark["cursor"], mark["registry"]


async def _devices(connection: Connection) -> list[Device]:
    cursor = connection.cursor(row_factory=class_row(Device))
    return await (await cursor.execute(queries.DEVICES)).fetchall()


async def open_alerts(connection: Connection) -> dict[Key, Alert]:
    cursor = await connection.cursor(row_factory=dict_row).execute(queries.OPEN_ALERTS)
    alerts = [_alert(row) for row in await cursor.fetchall()]
    return {(alert.rule, alert.device): alert for alert in alerts}


async def fired(connection: Connection, after: datetime) -> tuple[frozenset[str], datetime]:
    """Devices with an alert that began to fire after a moment, and the moment to ask after next time.

    One engine at a time writes these moments, each round's in one transaction, so none appears behind another.
    """
    cursor = await connection.execute(queries.FIRED, {"after": after})
    ((devices, newest),) = await cursor.fetchall()
    return frozenset(devices), newest or after


async def newest_fired(connection: Connection) -> datetime:
    """The moment after which only what fires from now on is told; the beginning of time where nothing ever fired."""
    cursor = await connection.execute(queries.NEWEST_FIRED)
    ((newest,),) = await cursor.fetchall()
    return cast("datetime", newest)


async def save(connection: Connection, changes: Sequence[Change]) -> list[Change]:
    """Store the changes; return those that took hold, each `after` with its id.

    A change does not take hold where somebody else opened or ended that alert meanwhile; the next round sees theirs.
    """
    opened = [change for change in changes if change.before is None]
    moved = [change for change in changes if change.before is not None]
    return [*await _open(connection, opened), *await _move(connection, moved)]


async def _open(connection: Connection, changes: list[Change]) -> list[Change]:
    if not changes:
        return []
    cursor = await connection.execute(queries.OPEN, {"alerts": _jsonb([change.after for change in changes])})
    ids = {(rule, device): id_ for id_, rule, device in await cursor.fetchall()}
    return [
        Change(before=None, after=replace(change.after, id=ids[key]))
        for change in changes
        if (key := (change.after.rule, change.after.device)) in ids
    ]


async def _move(connection: Connection, changes: list[Change]) -> list[Change]:
    if not changes:
        return []
    cursor = await connection.execute(queries.MOVE, {"alerts": _jsonb([change.after for change in changes])})
    moved = {id_ for (id_,) in await cursor.fetchall()}
    return [change for change in changes if change.after.id in moved]


def _alert(row: dict[str, Any]) -> Alert:
    ended = row["end_reason"]
    return Alert(
        **row
        | {
            "severity": Severity(row["severity"]),
            "state": State(row["state"]),
            "end_reason": ended and EndReason(ended),
        }
    )


def _jsonb(rows: Sequence[object]) -> Jsonb:
    return Jsonb(rows, dumps=msgspec.json.encode)
