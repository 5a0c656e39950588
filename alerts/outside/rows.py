"""Alerts from outside in the database."""

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from alerts.outside import queries
from alerts.outside.inbox import Inbox
from alerts.outside.sent import Sent

Connection = AsyncConnection[Any]

# Alerts known at a time. More are a rule gone wild at the sender.
MOST = 10_000

# Wakes the engine.
WAKE = "select pg_notify('readings', '')"


class TooManyError(Exception):
    """More alerts were sent to us than are known at a time; none of these was stored."""


async def receive(connection: Connection, sent: Sequence[Sent]) -> None:
    """Store what was sent, in the caller's transaction. Raises TooManyError: roll back then."""
    once = {one.fingerprint: one for one in sent}
    await connection.execute(queries.RECEIVE, {"rows": _jsonb(list(once.values()))})
    ((count,),) = await (await connection.execute(queries.COUNT)).fetchall()
    if count > MOST:
        raise TooManyError
    await connection.execute(WAKE)


async def changed(connection: Connection, cursor: str) -> list[Sent]:
    rows = connection.cursor(row_factory=class_row(Sent))
    return await (await rows.execute(queries.CHANGED, {"cursor": cursor})).fetchall()


async def forget(connection: Connection, inbox: Inbox) -> None:
    """Rows whose alerts are over, whether or not they ever fired."""
    if inbox.over:
        await connection.execute(queries.FORGET, {"rows": _jsonb(inbox.over)})
        inbox.over = []


def _jsonb(rows: Sequence[Sent]) -> Jsonb:
    return Jsonb(rows, dumps=msgspec.json.encode)
