"""Messages become batches, batches are committed, committed messages are acknowledged. In this order, always."""

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass

from psycopg import DataError
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel, Field

from devices.broker import BrokerAddress
from devices.reading import Reason, Rejected
from devices.topics import Channel, Grammar
from ingest import metrics
from ingest.batch import BatchLimits
from ingest.intake import Intake, Refusal
from ingest.message import Message
from ingest.redelivery import Committed
from ingest.registry_view import RegistryView
from ingest.session import Session, SessionTerms, open_session
from ingest.store import Store
from ingest.upkeep import Retention
from ingest.uptime import BEAT_SECONDS, Beat, keep_uptime

DAY_SECONDS = 86_400


class IngestSettings(BaseModel, frozen=True, extra="forbid"):
    """[ingest] in city.toml.

    `workers` divide the load between them by a shared subscription. The broker keeps what comes while a worker is away
    for `session_expiry_days`; a worker taken out of service for good leaves its share there until then.
    `receive_maximum` stays far below the 65,535 packet identifiers there are: see redelivery.py.
    """

    workers: int = Field(default=1, ge=1, le=16)
    receive_maximum: int = Field(default=4_096, ge=100, le=16_384)
    session_expiry_days: int = Field(default=7, ge=1, le=365)
    batch: BatchLimits = BatchLimits()
    retention: Retention = Retention()


def session_terms(settings: IngestSettings, grammar: Grammar, *, broker: BrokerAddress, worker: int) -> SessionTerms:
    """What worker number `worker` (from 1) subscribes to.

    Statuses are few, retained, and a shared subscription brings no retained messages (OASIS MQTT 5.0, 4.8.2): the first
    worker hears them all. Filters of the other way of dividing are left, for the session may remember them. A worker
    beyond [ingest] workers leaves them all: it takes in what the broker had put aside for it, and no more.
    """
    alone = [*grammar.filters()]
    divided = [f"$share/pantau/{topic}" for topic in alone if not topic.endswith(Channel.STATUS)]
    statuses = [topic for topic in alone if topic.endswith(Channel.STATUS)] if worker == 1 else []
    share = alone if settings.workers == 1 else divided + statuses
    subscribe = share if worker <= settings.workers else []
    return SessionTerms(
        broker=broker,
        client_id=f"pantau-ingest-{worker}",
        subscribe=subscribe,
        leave=[topic for topic in alone + divided if topic not in subscribe],
        expiry_seconds=settings.session_expiry_days * DAY_SECONDS,
        receive_maximum=settings.receive_maximum,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """`now_us`: epoch microseconds. `seconds`: monotonic."""

    now_us: Callable[[], int]
    seconds: Callable[[], float]


class Worker:
    """One session and one connection. Lives as long as both do."""

    def __init__(self, session: Session, store: Store, registry: RegistryView, clocks: Clocks) -> None:
        self._session = session
        self._store = store
        self._registry = registry
        self._clocks = clocks

    async def run(self, committed: Committed, beat: Beat, beat_seconds: float) -> None:
        """Work until the broker or the database fails, and raise what failed: BrokerError or psycopg.Error.

        Between two batches, every `beat_seconds`, there is a beat.
        """
        while True:
            beat_at = self._clocks.seconds() + beat_seconds
            while (left := beat_at - self._clocks.seconds()) > 0:
                committed = await self.run_once(committed, left)
            await beat()

    async def run_once(self, committed: Committed, within_seconds: float) -> Committed:
        """One batch, from the broker to the acknowledgement, or none where none is due within so many seconds.

        Returns what redelivery must know after it.
        """
        messages = await self._session.batch(within_seconds)
        fresh = [message for message in messages if not committed.has(message)]
        metrics.RECEIVED.inc(len(messages))
        if len(fresh) < len(messages):
            repeated = [message for message in messages if committed.has(message)]
            metrics.REPEATED.inc(len(repeated))
            committed = committed.after(repeated, repeated, to_come=len(fresh))
        if fresh:
            committed = await self._commit(fresh, committed)
        self._session.settle(messages)
        return committed

    async def _commit(self, messages: Sequence[Message], committed: Committed) -> Committed:
        """Commit; or find by halves the one message that the database does not take, and refuse that one."""
        intake = await self._sorted(messages)
        try:
            return await self._store_all(messages, intake, committed)
        except DataError as fault:
            if len(messages) == 1:
                refusal = Refusal(None, messages[0], Rejected(Reason.BAD_SHAPE, f"not storable: {fault}"))
                refused = Intake(refusals=[refusal], untimed=list(messages))
                return await self._store_all(messages, refused, committed)
        half = len(messages) // 2
        return await self._commit(messages[half:], await self._commit(messages[:half], committed))

    async def _sorted(self, messages: Sequence[Message]) -> Intake:
        intake = self._registry.sorter.sort(messages)
        if intake.knows_every_device() or not await self._registry.load_again():
            return intake
        return self._registry.sorter.sort(messages)

    async def _store_all(self, messages: Sequence[Message], intake: Intake, committed: Committed) -> Committed:
        more = committed.after(messages, intake.untimed)
        started = self._clocks.seconds()
        stored = await self._store.commit(intake, None if more is committed else more)
        metrics.COMMIT.observe(self._clocks.seconds() - started)
        metrics.count(messages, intake, stored, self._clocks.now_us())
        return more


async def run(
    pool: AsyncConnectionPool,
    terms: SessionTerms,
    limits: BatchLimits,
    *,
    registry: RegistryView,
    clocks: Clocks,
    ready: MutableMapping[str, str | None],
    worker: int = 1,
    beat_seconds: float = BEAT_SECONDS,
) -> None:
    """One honest attempt at being an ingest worker. Raises what ended it: BrokerError or psycopg.Error.

    The database comes first: without it there is no connection to the broker, which keeps everything until there is.
    `ready` is told why `database` and `broker` are not there, or None. One that subscribes to nothing only drains: what
    it hears says nothing of when we could see.
    """
    sees = worker if terms.subscribe else None
    async with pool.connection() as connection:
        store = Store(connection, terms.client_id)
        committed = await store.delivered(terms.receive_maximum)
        await registry.load()
        ready["database"] = None
        async with open_session(terms, limits, clocks.now_us) as session:
            if not session.resumed:
                # Its packet identifiers begin anew: what is known of the old ones would be mistaken for the new.
                committed = Committed(terms.receive_maximum)
                await store.commit(Intake(), committed)
            async with keep_uptime(connection, sees, heard_us=session.heard_us, now_us=clocks.now_us) as beat:
                ready["broker"] = None
                await Worker(session, store, registry, clocks).run(committed, beat, beat_seconds)
