"""Replies that a gateway passes on through the API: kept until the process that judges has heard them.

dashboards stores them with `keep`; `hear_waiting` deals with them, each at least once.
"""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from alerts import queries
from alerts.notify.reply import Hear, read_text, reply

# Notified when there is a reply to hear.
WAKE = "replies"
LONGEST = 1_000
# Codes are used again: what has waited for so long is about another page.
OLDEST = timedelta(hours=24)

# Says words to an address on a channel; what cannot be said is let go.
Say = Callable[[str, str, str], Awaitable[None]]


async def keep(
    connection: AsyncConnection[Any],
    *,
    channel: str,
    sender: str,
    text: str,
    received_at: datetime,
    said_at: datetime | None = None,
) -> int:
    """Store a reply in the caller's transaction, and wake who hears it; its id."""
    row = {"channel": channel, "sender": sender, "text": text[:LONGEST], "said_at": said_at, "received_at": received_at}
    cursor = await connection.execute(queries.KEEP_REPLY, row)
    ((number,),) = await cursor.fetchall()
    await connection.execute("select pg_notify(%s, '')", [WAKE])
    return int(number)


async def hear_waiting(
    pool: AsyncConnectionPool[AsyncConnection[Any]],
    hear: Hear,
    say: Say,
    now: Callable[[], datetime],
    *,
    channels: Collection[str],
) -> int:
    """Hear every reply that waits, oldest first; how many there were. Raises what `hear` raises, and keeps that one.

    Who may pass on what a gateway hears may not speak on other channels: what is not of `channels` nobody hears.
    """
    count = 0
    async with pool.connection() as connection:
        while rows := await (await connection.execute(queries.WAITING_REPLY)).fetchall():
            ((number, channel, sender, text, said_at, received_at),) = rows
            asked = read_text(text)
            said = reply(asked, channel=channel, sender=sender, at=received_at, said_at=said_at)
            fresh = now() - received_at < OLDEST
            words = await hear(said) if channel in channels and fresh else ""
            await connection.execute(queries.HEARD_REPLY, {"id": number, "now": now(), "answer": words})
            count += 1
            if words:
                await say(channel, sender, words)
    return count
