"""The log of looks at pictures of people: who, from where, at which camera, when (UU 27/2022 on personal data)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn, Self, TypeAlias

from psycopg_pool import AsyncConnectionPool

from dashboards import metrics
from dashboards.cameras import queries
from dashboards.cameras.shapes import What
from dashboards.settings import DashboardsSettings

FLUSH_SECONDS = 5.0
# Rows not yet written. With as many the next look is refused: no picture without a line about it.
UNWRITTEN_MAX = 10_000
# Unwritten for so long, the log is stuck or its database is gone.
UNWRITTEN_LONG = timedelta(seconds=60)
FORGET_EVERY = timedelta(hours=1)
FORGET_ROWS = 50_000


@dataclass(frozen=True, slots=True, order=True)
class Access:
    """One sort of look within one hour: what a row of the log is about."""

    camera: str
    hour: datetime
    who: str
    role: str
    address: str
    what: What


@dataclass(frozen=True, slots=True)
class Tally:
    """When first, when last, and how often."""

    first_at: datetime
    last_at: datetime
    count: int

    def and_then(self, other: Self) -> Self:
        return type(self)(
            min(self.first_at, other.first_at), max(self.last_at, other.last_at), self.count + other.count
        )


Tallies: TypeAlias = dict[Access, Tally]


class AccessLog:
    """Looks are tallied in memory and written every few seconds: a wall looks ten times a second, and is a row an hour.

    A process that is killed loses what it tallied in the last FLUSH_SECONDS.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool,
        settings: DashboardsSettings,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._now = now
        self._sleep = sleep
        self._tallied: Tallies = {}
        # Under way to the database; after a failure they go with the next.
        self._writing: Tallies = {}
        self._forgot_at: datetime | None = None

    def note(self, camera: str, what: What, *, who: str, role: str, address: str) -> bool:
        """Whether this look, at this moment, will be in the log: if not, it must not take place."""
        now = self._now()
        hour = now.replace(minute=0, second=0, microsecond=0)
        access, look = Access(camera, hour, who, role, address, what), Tally(now, now, 1)
        known = self._tallied.get(access)
        if known is None and len(self._tallied) + len(self._writing) >= UNWRITTEN_MAX:
            metrics.ACCESS_REFUSED.inc()
            return False
        self._tallied[access] = known.and_then(look) if known else look
        return True

    def late(self) -> str | None:
        """None where the log is written as it should be, else one line about since when it is not."""
        oldest = min((tally.first_at for tally in (self._tallied | self._writing).values()), default=None)
        unwritten = timedelta() if oldest is None else self._now() - oldest
        return f"not written for {unwritten.total_seconds():.0f} s" if unwritten > UNWRITTEN_LONG else None

    async def run(self) -> NoReturn:
        """Write for ever. Raises psycopg.OperationalError; what was not written goes with the next `flush`."""
        while True:
            await self.flush()
            await self._forget()
            await self._sleep(FLUSH_SECONDS)

    async def flush(self) -> None:
        """Write what was tallied; also the last thing a process does. Raises psycopg.OperationalError."""
        self._writing, self._tallied = _merged(self._writing, self._tallied), {}
        metrics.ACCESS_UNWRITTEN.set(len(self._writing))
        if self._writing:
            await self._execute(queries.ADD_ACCESS, _columns(self._writing))
        self._writing = {}
        metrics.ACCESS_UNWRITTEN.set(len(self._tallied))

    async def _forget(self) -> None:
        now = self._now()
        if self._forgot_at is None or now - self._forgot_at >= FORGET_EVERY:
            before = now - timedelta(days=self._settings.frame_access_days)
            await self._execute(queries.FORGET_ACCESS, {"before": before, "limit": FORGET_ROWS})
            self._forgot_at = now

    async def _execute(self, query: str, parameters: Mapping[str, Any]) -> None:
        async with self._pool.connection(self._settings.database_wait_seconds) as connection:
            await connection.execute(query, parameters)


def _merged(one: Tallies, other: Tallies) -> Tallies:
    both = dict(one)
    for access, tally in other.items():
        both[access] = both[access].and_then(tally) if access in both else tally
    return both


def _columns(tallies: Tallies) -> dict[str, list[Any]]:
    """In the order of the rows, so that two processes never wait for each other in a circle."""
    rows = [(*astuple(access), *astuple(tally)) for access, tally in sorted(tallies.items(), key=lambda item: item[0])]
    names = ("cameras", "hours", "who", "roles", "addresses", "what", "first_at", "last_at", "counts")
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
