"""Asks the database for what rules reckon: one statement for each rule whose turn it is, for all its devices."""

import asyncio
from collections.abc import Sequence
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

# What a round spends on asking, but for the statement that it is at.
ROUND_SECONDS = 2.0


async def measure(connection: Connection, measurements: Measurements, failures: Failures, now: datetime) -> None:
    """Within a transaction. A rule whose statement fails, or takes too long, fails alone: a savepoint is around it.

    Together they take little longer than one may: the others wait for the next round, and what is urgent does not.
    """
    due = measurements.due(now)
    if not due:
        return
    loop = asyncio.get_running_loop()
    enough = loop.time() + ROUND_SECONDS
    await connection.execute(queries.HURRY)
    for rule in due:
        if loop.time() > enough:
            break
        devices = measurements.take(rule, now)
        try:
            measurements.learn(rule, devices, await _ask(connection, rule, devices, now))
        except Exception as fault:
            if isinstance(fault, OperationalError) and not isinstance(fault, QueryCanceled):
                raise  # the connection is gone, and with it the round
            failures.note(rule.name, f"{len(devices)} devices", fault)
    await connection.execute(queries.NO_HURRY)


async def _ask(connection: Connection, rule: Derived, devices: Sequence[str], now: datetime) -> list[Row]:
    wanted = {**rule.parameters(now), "devices": devices}
    async with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(rule.question, wanted)
        return [*await cursor.fetchall()]
