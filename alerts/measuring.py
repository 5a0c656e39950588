"""Asks the database for what rules reckon: one statement for each rule whose turn it is, for all its devices."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection, OperationalError
from psycopg.errors import QueryCanceled
from psycopg.rows import dict_row

from alerts import queries
from alerts.failures import Failures
from alerts.measurements import Measurements
from alerts.rules.derived import Derived, Row

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hurry:
    """No statement of a rule may keep a round waiting for longer; and what a round spends on all, but for the last."""

    statement_seconds: float = 3.0
    round_seconds: float = 2.0


async def measure(
    connection: Connection, measurements: Measurements, failures: Failures, now: datetime, hurry: Hurry
) -> None:
    """Within a transaction. A rule whose statement fails, or takes too long, fails alone: a savepoint is around it.

    Together they take little longer than one may: the others wait for the next round, and what is urgent does not.
    """
    due = measurements.due(now)
    if not due:
        return
    loop = asyncio.get_running_loop()
    await connection.execute(queries.HURRY, [f"{hurry.statement_seconds}s"])
    enough = loop.time() + hurry.round_seconds
    for rule in due:
        devices = measurements.take(rule, now)
        try:
            measurements.learn(rule, devices, await _ask(connection, rule, devices, now))
        except Exception as fault:
            if isinstance(fault, OperationalError) and not isinstance(fault, QueryCanceled):
                raise  # the connection is gone, and with it the round
            failures.note(rule.name, f"{len(devices)} devices", fault)
        if loop.time() > enough:
            break
    await connection.execute(queries.NO_HURRY)


async def _ask(connection: Connection, rule: Derived, devices: Sequence[str], now: datetime) -> list[Row]:
    wanted = {**rule.parameters(now), "devices": devices}
    async with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(rule.question, wanted)
        return [*await cursor.fetchall()]
