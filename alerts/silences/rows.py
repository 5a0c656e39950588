"""Silences in the database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from pydantic import ValidationError

from alerts.alert import Alert
from alerts.alert_rows import alert_of
from alerts.labels import labels_of
from alerts.metrics import SILENCES_ENDED, SILENCES_REFUSED
from alerts.queries import TELL_ALL
from alerts.silences import queries
from alerts.silences.silence import NO_DEVICES, Match, Silence, followed
from devices import registry
from devices.device import Device

Connection = AsyncConnection[Any]

# More at a time are a mistake, or a rule that should be another.
SILENCES_MAX = 200
RECOVERY = "recovery"


async def load(connection: Connection, now: datetime) -> list[Silence]:
    """Every silence that goes on. A row written by hand that says nothing is left out, and counted."""
    cursor = await connection.cursor(row_factory=dict_row).execute(queries.GOING_ON, {"now": now})
    return [silence for row in await cursor.fetchall() if (silence := silence_of(row)) is not None]


async def add(
    connection: Connection, match: Match, *, owner: str, reason: str, now: datetime, until: datetime, on_recovery: bool
) -> Silence | None:
    """A silence from now on; None where there are too many already."""
    values = {
        "match": Jsonb(match.model_dump(mode="json", exclude_defaults=True)),
        "owner": owner,
        "reason": reason,
        "since": now,
        "until": until,
        "ends_on_recovery": on_recovery,
        "most": SILENCES_MAX,
    }
    row = await (await connection.cursor(row_factory=dict_row).execute(queries.ADD, values)).fetchone()
    await connection.execute(TELL_ALL)
    return None if row is None else silence_of(row)


async def end(connection: Connection, silences: Sequence[int], *, who: str, now: datetime) -> bool:
    """Whether there was any to end."""
    cursor = await connection.execute(queries.END, {"ids": silences, "who": who, "now": now})
    ended = await cursor.fetchall()
    if ended:
        await connection.execute(TELL_ALL)
    return bool(ended)


async def follow(
    connection: Connection, alerts: Iterable[Alert], devices: Mapping[str, Device], now: datetime
) -> list[Silence]:
    """End those whose last alert has recovered; those that go on. `alerts` are all open ones.

    They are read once a round: who is told in it must not find others than those that were followed.
    """
    silences = await load(connection, now)
    ending = [silence for silence in silences if silence.ends_on_recovery]
    if not ending:
        return silences
    told = followed(ending, (labels_of(alert) for alert in alerts if alert.fired), devices)
    if told.found:
        await connection.execute(queries.FOUND, {"ids": told.found, "now": now})
    if told.recovered:
        await end(connection, told.recovered, who=RECOVERY, now=now)
        SILENCES_ENDED.inc(len(told.recovered))
    return [silence for silence in silences if silence.id not in told.recovered]


async def holding(connection: Connection, silences: Sequence[Silence]) -> dict[int, list[int]]:
    """The alerts that each silence would hold now, by their numbers."""
    if not silences:
        return {}
    rows = await (await connection.cursor(row_factory=dict_row).execute(queries.FIRING)).fetchall()
    labels = {row["id"]: labels_of(alert_of(row)) for row in rows}
    below = any(silence.match.below for silence in silences)
    devices = await registry.load(connection) if labels and below else NO_DEVICES
    return {
        silence.id: [number for number, one in labels.items() if silence.match.fits(one, devices)]
        for silence in silences
    }


def silence_of(row: Mapping[str, Any]) -> Silence | None:
    """From a row that has every column a silence has; None where it says nothing."""
    known = {name: row[name] for name in Silence.__dataclass_fields__}
    try:
        return Silence(**{**known, "match": Match.model_validate(row["match"])})
    except ValidationError:
        SILENCES_REFUSED.inc()
        return None
