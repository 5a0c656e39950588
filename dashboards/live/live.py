"""The live stream: one reader of the database per process feeds every client."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from dashboards import metrics
from dashboards.cameras.viewers import Viewers
from dashboards.crowd import Bounds
from dashboards.live.audience import Audience, Client, Told
from dashboards.live.bundle import Bundle
from dashboards.live.looking import Horizon, find
from dashboards.live.messages import Change, Message, Numbering, Topic
from dashboards.live.picture import Picture
from dashboards.live.scene_json import Form, snapshot_pieces
from dashboards.live.snapshots import Snapshots, in_turns
from dashboards.problem import RETRY_SECONDS, Problem
from dashboards.rights import queries
from dashboards.settings import DashboardsSettings

# Who names no message in a WebSocket's query has so long to say that he wishes to resume; then he is sent a snapshot.
FIRST_WORD_SECONDS = 0.3
# Whoever has not taken what was written to him for so long is gone, or sits before what has grown old. So the snapshots
# that lie ready for slow clients are few, and each client's place is free again.
TAKEN_SECONDS = 30.0
# What was told is kept in memory for those who are behind, so many bytes of it at most.
TOLD_BYTES_MAX = 16 * 1024 * 1024
TOO_MANY = ("Terlalu banyak siaran langsung yang terbuka.", "Too many live streams are open.")
TOO_MANY_OF_ONE = (
    "Terlalu banyak siaran langsung terbuka dengan akun atau token ini.",
    "Too many live streams are open with this account or token.",
)


class Live:
    """Keeps a picture of the city, and tells every client what changes in it.

    `process` is a word that no other process uses, now or earlier: it tells their message ids apart. `build` names the
    pages that are served beside it: a page of another one must be loaded anew.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool,
        settings: DashboardsSettings,
        *,
        now: Callable[[], datetime],
        process: str,
        build: str = "",
    ) -> None:
        self.read_at: datetime | None = None
        self.closing = False
        self.first_word_seconds = FIRST_WORD_SECONDS
        self.taken_seconds = TAKEN_SECONDS
        # Streams of pictures, which are told nothing from here, but end with their tokens as ours do.
        self.viewers = Viewers(viewers_max=settings.viewers_max, of_one_max=settings.viewers_of_one_max)
        self._bounds = Bounds(
            most=settings.clients_max, of_one=settings.clients_of_one_max, full=TOO_MANY, enough=TOO_MANY_OF_ONE
        )
        self._pool = pool
        self._settings = settings
        self._now = now
        self._build = build
        self._numbering = Numbering(process)
        self._picture = Picture(
            blind_after_seconds=settings.blind_after_seconds,
            judged_fresh_seconds=settings.judged_fresh_seconds,
            coalesce_seconds=settings.coalesce_seconds,
        )
        self._audience = Audience(
            client_queue=settings.client_queue,
            told=Told(messages_max=settings.resume_messages, bytes_max=TOLD_BYTES_MAX),
        )
        self._snapshots = Snapshots(self._make_snapshot, look=lambda: self._look, can_follow=self._audience.can_follow)
        # The last look, once the picture has what it found: after a failed one the next reads it again.
        self._look: Horizon | None = None
        # When to ask again for what is dear, or changes seldom: the registry, and whose tokens still open anything.
        self._slowly_due = 0.0
        self._releasing: asyncio.TimerHandle | None = None

    def close(self) -> None:
        """End every stream: a server that stops would wait for them. Clients connect again, here or elsewhere."""
        self.closing = True
        self._keep_only(set())

    async def run(self, wakes: AsyncIterator[None]) -> None:
        """Look once per wake-up. Raises psycopg.OperationalError.

        The connection is kept: hundreds of screens that come back at once, and are all asked who they are, must not
        stand in the way of what they came for.
        """
        try:
            async with self._pool.connection(self._settings.database_wait_seconds) as connection:
                async for _ in wakes:
                    await self._look_by(connection)
        finally:
            self._release_never()

    async def look(self) -> None:
        """Read what changed since the last look, and tell it. Raises psycopg.OperationalError."""
        async with self._pool.connection(self._settings.database_wait_seconds) as connection:
            await self._look_by(connection)

    async def _look_by(self, connection: AsyncConnection) -> None:
        began = asyncio.get_running_loop().time()
        slowly = began >= self._slowly_due
        with metrics.LOOK_SECONDS.time():
            found, look = await find(
                connection,
                self._look,
                alerts=self._picture.open_alerts(),
                incidents=self._picture.open_incidents(),
                registry=slowly,
            )
            if slowly:
                await self._check_tokens(connection)
                self._slowly_due = began + self._settings.coalesce_seconds
            now = self._now()
            changes = self._picture.take(found, now)
            self.read_at, self._look = now, look
            self._tell(changes, now)

    def admit(self, holder: str) -> None:
        """Raises Problem where one more client cannot be told anything, or this one has as many as anybody may."""
        if self.read_at is None:
            raise Problem(
                503,
                ("Basis data belum terbaca.", "The database has not been read yet."),
                headers={"Retry-After": RETRY_SECONDS},
            )
        if refusal := self._bounds.refusal(self._audience.holders(), holder):
            metrics.REFUSED.inc()
            raise refusal

    @contextmanager
    def joined(self, token: int, holder: str, last_event_id: str | None) -> Iterator[Client]:
        """A place in the audience, behind that message where it can be. Raises Problem where there is none."""
        self.admit(holder)
        after = self._numbering.sequence(last_event_id) if last_event_id else None
        with self._audience.joined(token, holder, after=after) as client:
            client.blind_since = self._blind_since()
            client.beat_in(self._settings.heartbeat_seconds)
            yield client

    async def bundles(self, client: Client, form: Form = Form.DEVICES) -> AsyncGenerator[Bundle]:
        """What one client is sent, for as long as its token opens anything: a snapshot, or what it missed; then deltas.

        A heartbeat comes every heartbeat_seconds, whatever else does, and at once behind a snapshot: that may be old,
        where the database is away, and only the heartbeat tells by how much. So it does when we begin or cease to see.
        """
        while not client.closed:
            bundle = self._beat(client) or await self._next(client, form)
            if bundle is None:
                await client.rest()
                continue
            yield bundle
            # A long burst to one client must not keep the others waiting, nor the news that it hung up.
            await asyncio.sleep(0)

    def _beat(self, client: Client) -> Bundle | None:
        """A heartbeat, where one is due."""
        blind_since = self._blind_since()
        if not client.beats and client.blind_since == blind_since:
            return None
        client.beat_in(self._settings.heartbeat_seconds)
        client.blind_since = blind_since
        return Bundle([self._heartbeat(client)])

    async def _next(self, client: Client, form: Form) -> Bundle | None:
        bundle = None if client.owed_snapshot else self._audience.next(client)
        if client.owed_snapshot:
            bundle = await self._snapshots.get(form)
            client.owed_snapshot, client.beats = False, True
        if bundle is not None:
            client.sequence = bundle.last
        return bundle

    async def _check_tokens(self, connection: AsyncConnection) -> None:
        """A stream is open for days; its right is asked for every second, and a session in use lives on."""
        ids, now = sorted(self._audience.tokens() | self.viewers.tokens()), self._now()
        if ids:
            session = timedelta(hours=self._settings.session_hours)
            await connection.execute(queries.TOUCH, {"ids": ids, "now": now, "session": session})
            alive = await (await connection.execute(queries.ALIVE, {"ids": ids, "now": now})).fetchall()
            self._keep_only({number for (number,) in alive})

    def _keep_only(self, tokens: set[int]) -> None:
        self._audience.keep_only(tokens)
        self.viewers.keep_only(tokens)

    def _tell(self, changes: Sequence[Change], now: datetime) -> None:
        first = self._audience.newest + 1
        self._audience.tell(
            [self._numbering.message(first + place, change, now) for place, change in enumerate(changes)]
        )
        self._release_later(now)

    def _release_later(self, now: datetime) -> None:
        """What is held of readings is told when its time comes, whether anything wakes us until then or not."""
        self._release_never()
        seconds = self._picture.seconds_to_wait(now)
        if seconds is not None:
            self._releasing = asyncio.get_running_loop().call_later(seconds, self._release)

    def _release(self) -> None:
        now = self._now()
        self._tell(self._picture.readings_due(now), now)

    def _release_never(self) -> None:
        if self._releasing is not None:
            self._releasing.cancel()

    async def _make_snapshot(self, form: Form) -> Bundle:
        """As old as the last look, and it says so."""
        at, sequence, clock = self.read_at or self._now(), self._audience.newest, asyncio.get_running_loop().time
        head = self._numbering.head(sequence, Topic.SNAPSHOT, at)
        pieces = snapshot_pieces(self._picture.scene(at), form)
        made = await in_turns(pieces, clock, lambda: asyncio.sleep(0))
        return await asyncio.to_thread(_whole, self._numbering.spelled(sequence, [head, *made, b"}"]))

    def _blind_since(self) -> datetime | None:
        """As the last look had it: whoever is told is told beside it how old that is."""
        return self._picture.blind_since(self.read_at or self._now())

    def _heartbeat(self, client: Client) -> Message:
        """`read_at` tells a wall that this process is alive while the database behind it is not."""
        now = self._now()
        told = {"server_time": now, "read_at": self.read_at, "blind_since": self._blind_since(), "build": self._build}
        return self._numbering.message(client.sequence, Change(Topic.HEARTBEAT, told), now)


def _whole(message: Message) -> Bundle:
    """What takes long of a large message is done, though somebody may want it plain."""
    bundle = Bundle([message])
    assert bundle.deflated  # noqa: S101  made when it is first asked for
    return bundle
