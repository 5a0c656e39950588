"""The live stream: one reader of the database per process feeds every client."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncCursor
from psycopg.abc import QueryNoTemplate
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from dashboards import queries
from dashboards.alert_rows import alert_of
from dashboards.incident_rows import incident_of
from dashboards.live.audience import Audience, Client
from dashboards.live.messages import Change, Message, Numbering, Topic
from dashboards.live.picture import Found, Picture
from dashboards.settings import DashboardsSettings
from dashboards.viewers import Viewers

EVERYTHING = "0"


class Live:
    """Keeps a picture of the city, and tells every client what changes in it.

    `process` is a word that no other process uses, now or earlier: it tells their message ids apart.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool,
        settings: DashboardsSettings,
        *,
        now: Callable[[], datetime],
        process: str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.read_at: datetime | None = None
        # Streams of pictures, which are told nothing from here, but end with their tokens as ours do.
        self.viewers = Viewers(viewers_max=settings.viewers_max)
        self._pool = pool
        self._settings = settings
        self._now = now
        self._sleep = sleep
        self._numbering = Numbering(process)
        self._picture = Picture(
            blind_after_seconds=settings.blind_after_seconds, judged_fresh_seconds=settings.judged_fresh_seconds
        )
        self._audience = Audience(
            clients_max=settings.clients_max,
            client_queue=settings.client_queue,
            resume_messages=settings.resume_messages,
        )
        self._sequence = 0
        self._snapshot: Message | None = None
        # What the last look found, taken only when the picture has it: after a failed look the next one reads it again.
        self._found: Found | None = None

    @property
    def full(self) -> bool:
        """Whether one more client would be too many."""
        return self._audience.full

    def close(self) -> None:
        """End every stream: a server that stops would wait for them. Clients connect again, here or elsewhere."""
        self._keep_only(set())

    async def run(self, wakes: AsyncIterator[None]) -> None:
        """Look once per wake-up, and at most once per coalesce_seconds. Raises psycopg.OperationalError."""
        async for _ in wakes:
            await self.look()
            await self._sleep(self._settings.coalesce_seconds)

    async def look(self) -> None:
        """Read what changed since the last look, and tell it."""
        async with (
            self._pool.connection(self._settings.database_wait_seconds) as connection,
            connection.cursor(row_factory=dict_row) as cursor,
        ):
            found = await self._find(cursor)
            await self._check_tokens(cursor)
        now = self._now()
        changes = self._picture.take(found, now)
        self._audience.tell([self._next(change, now) for change in changes])
        self.read_at, self._snapshot, self._found = now, None, found

    async def stream(self, token: int, last_event_id: str | None) -> AsyncGenerator[Message]:
        """Messages for one client, for as long as its token opens anything: a snapshot, or what it missed; then deltas.

        A heartbeat comes every heartbeat_seconds, whatever else does, and at once behind a snapshot: that may be old,
        where the database is away, and only the heartbeat tells by how much. So it does when we begin or cease to see.
        """
        clock, every = asyncio.get_running_loop().time, self._settings.heartbeat_seconds
        after = self._numbering.sequence(last_event_id) if last_event_id else None
        with self._audience.joined(token, after=after, newest=self._sequence) as client:
            beat, blind_since = clock() + every, self._blind_since()
            while True:
                something = await client.wait(max(0.0, beat - clock()))
                if client.closed:
                    return
                if clock() >= beat or blind_since != self._blind_since():
                    beat, blind_since = clock() + every, self._blind_since()
                    yield self._heartbeat(client)
                elif something:
                    snapshot = self._current_snapshot()
                    message = client.take(snapshot)
                    beat = clock() if message is snapshot else beat
                    yield message
                # A long burst to one client must not keep the others waiting, nor the news that it hung up.
                await asyncio.sleep(0)

    async def _find(self, cursor: AsyncCursor[DictRow]) -> Found:
        """The horizon is read first: what is committed between the statements is then read twice, never missed."""
        before = self._found
        (horizon,) = (await _rows(cursor, queries.HORIZON))[0].values()
        count, total = (await _rows(cursor, queries.REGISTRY_PRINT))[0].values()
        same_registry = before is not None and before.registry_print == (count, total)
        since = {"horizon": before.horizon if before is not None and same_registry else EVERYTHING}
        alerts = await _rows(cursor, queries.OPEN_ALERTS, {"known": self._picture.open_alerts()})
        incidents = await _rows(cursor, queries.OPEN_INCIDENTS, {"known": self._picture.open_incidents()})
        return Found(
            horizon=horizon,
            registry_print=(count, total),
            registry=None if same_registry else await _rows(cursor, queries.REGISTRY),
            latest=await _rows(cursor, queries.CHANGED_LATEST, since),
            standings=await _rows(cursor, queries.CHANGED_STANDINGS, since),
            alerts=[alert_of(row) for row in alerts],
            incidents=[incident_of(row) for row in incidents],
            newest=(await _rows(cursor, queries.NEWEST))[0],
        )

    async def _check_tokens(self, cursor: AsyncCursor[DictRow]) -> None:
        """A stream is open for days; its right is asked for at every look, and a session in use lives on."""
        ids, now = sorted(self._audience.tokens() | self.viewers.tokens()), self._now()
        if ids:
            session = timedelta(hours=self._settings.session_hours)
            await cursor.execute(queries.TOUCH, {"ids": ids, "now": now, "session": session})
            alive = await _rows(cursor, queries.ALIVE, {"ids": ids, "now": now})
            self._keep_only({row["id"] for row in alive})

    def _keep_only(self, tokens: set[int]) -> None:
        self._audience.keep_only(tokens)
        self.viewers.keep_only(tokens)

    def _next(self, change: Change, at: datetime) -> Message:
        self._sequence += 1
        return self._numbering.message(self._sequence, change, at)

    def _current_snapshot(self) -> Message:
        """Made at most once per look, when somebody needs it; as old as that look, and it says so."""
        if self._snapshot is None:
            at = self.read_at or self._now()
            self._snapshot = self._numbering.message(self._sequence, self._picture.snapshot(at), at)
        return self._snapshot

    def _blind_since(self) -> datetime | None:
        """As the last look had it: whoever is told is told beside it how old that is."""
        return self._picture.blind_since(self.read_at or self._now())

    def _heartbeat(self, client: Client) -> Message:
        """`read_at` tells a wall that this process is alive while the database behind it is not."""
        now = self._now()
        told = {"server_time": now, "read_at": self.read_at, "blind_since": self._blind_since()}
        change = Change(Topic.HEARTBEAT, told)
        return self._numbering.message(client.sent, change, now)


async def _rows(
    cursor: AsyncCursor[DictRow], query: QueryNoTemplate, parameters: Mapping[str, Any] | None = None
) -> list[DictRow]:
    return await (await cursor.execute(query, parameters)).fetchall()
