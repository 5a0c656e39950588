"""What the outbox's receipts say of each channel, and what each says when it is asked."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row

from alerts import queries
from alerts.notify.channels.sender import Sender
from alerts.notify.health import Record

# A message older than the outbox tries says nothing of now.
LOOK_BACK = timedelta(hours=24)


async def records(connection: AsyncConnection[Any], channels: Sequence[str], now: datetime) -> list[Record]:
    """One record for each of these channels."""
    cursor = connection.cursor(row_factory=class_row(Record))
    wanted = {"channels": list(channels), "after": now - LOOK_BACK}
    return await (await cursor.execute(queries.CHANNEL_RECORDS, wanted)).fetchall()


async def unreachable(senders: Mapping[str, Sender]) -> dict[str, str]:
    """The channels that cannot be reached now, each with the reason; nobody is sent anything."""
    reasons = await asyncio.gather(*(sender.check() for sender in senders.values()))
    return {name: reason for name, reason in zip(senders, reasons, strict=True) if reason is not None}
