"""One MQTT 5 session on the broker: connect, batches of messages, acknowledge. It and client.py alone import paho-mqtt.

The session is persistent under a fixed client id: while nobody is connected the broker keeps what arrives, and what was
delivered but not acknowledged comes again with the same packet identifiers (OASIS MQTT 5.0, 4.4).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from paho.mqtt.client import ConnectFlags
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from devices.broker import BrokerAddress
from ingest import metrics
from ingest.batch import BatchLimits, seconds_to_wait
from ingest.client import NO_MQTT, Client
from ingest.message import Message, parse_publish

CONNECT_SECONDS = 10.0
# A broker that was asked and says nothing for so long hangs. One that saves a queue of millions needs two or three.
ANSWER_SECONDS = 10.0
LOOK_SECONDS = 1.0
QOS_GRANTED = 1
# Beyond so much waiting to be committed the socket is not read: the broker holds the rest. Receive Maximum alone would
# bound neither the bytes nor messages of QoS 0.
MAX_WAITING_BYTES = 32 * 1024 * 1024
MAX_WAITING_MESSAGES = 65_535


class BrokerError(Exception):
    """The broker could not be reached, refused us, or the connection was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTerms:
    """What this session asks of the broker. `leave` are filters of an earlier configuration, to be unsubscribed."""

    broker: BrokerAddress
    client_id: str
    subscribe: Sequence[str]
    leave: Sequence[str] = ()
    expiry_seconds: int
    receive_maximum: int
    connect_seconds: float = CONNECT_SECONDS
    answer_seconds: float = ANSWER_SECONDS


@asynccontextmanager
async def open_session(terms: SessionTerms, limits: BatchLimits, now_us: Callable[[], int]) -> AsyncIterator["Session"]:
    """A connected and subscribed session. Raises BrokerError where the broker is away or refuses us."""
    session = Session(terms, limits, now_us, asyncio.get_running_loop())
    pings = asyncio.create_task(session.keep_alive())
    try:
        await session.open()
        yield session
    finally:
        pings.cancel()
        session.close()


class Session:
    """Made by `open_session`; of use until the connection is lost."""

    def __init__(
        self, terms: SessionTerms, limits: BatchLimits, now_us: Callable[[], int], loop: asyncio.AbstractEventLoop
    ) -> None:
        self.resumed = False
        self._terms = terms
        self._limits = limits
        self._now_us = now_us
        self._loop = loop
        self._client = Client(terms.client_id, self._arrived, loop, now_us)
        self._reading = False
        self._waiting: deque[Message] = deque()
        self._waiting_bytes = 0
        # By the loop's own clock: the city's may be set back, and a batch must not wait for it.
        self._waiting_since = 0.0
        self._taken = 0
        self._changed = asyncio.Event()
        self._subscribed: asyncio.Future[None] = loop.create_future()
        self._lost: str | None = None

    async def batch(self, within_seconds: float = float("inf")) -> list[Message]:
        """The next messages, when the batch is full or old; none, where it is neither within so many seconds.

        Raises BrokerError when the link is lost.
        """
        until = self._loop.time() + within_seconds
        while self._lost is None:
            wait, left = self._seconds_to_wait(), until - self._loop.time()
            if wait == 0.0:
                return self._take()
            if left <= 0:
                return []
            await self._change(min(wait, left))
        raise BrokerError(self._lost)

    def heard_us(self) -> int:
        """When the broker last said anything at all, in epoch microseconds."""
        return 0 if self._client.wire is None else self._client.wire.heard_us

    def settle(self, messages: Sequence[Message]) -> None:
        """Acknowledge messages whose rows are committed; all of them leave in one write.

        In the order of their arrival, and whole batches in theirs: redelivery.py counts on it.
        """
        for message in messages:
            if message.packet_id:
                self._client.ack(message.packet_id, 1)
        self._taken -= len(messages)
        metrics.IN_FLIGHT.set(len(self._waiting) + self._taken)
        self._start_reading()

    async def open(self) -> None:
        """Connect and subscribe. Raises BrokerError.

        Afterwards `resumed` says whether the broker had kept the session: if not, nothing will come a second time.
        """
        terms, client = self._terms, self._client
        client.on_connect = lambda _client, _data, flags, reason, _properties: self._connected(flags, reason)
        client.on_disconnect = lambda _client, _data, _flags, reason, _properties: self._disconnected(reason)
        client.on_subscribe = lambda _client, _data, _mid, reasons, _properties: self._heard_of(reasons)
        client.address(terms.broker, expiry_seconds=terms.expiry_seconds, receive_maximum=terms.receive_maximum)
        try:
            client.greet(await asyncio.to_thread(client.dial))
            self._start_reading()
            async with asyncio.timeout(terms.connect_seconds):
                await self._subscribed
        except (OSError, TimeoutError) as fault:
            where = f"the MQTT broker at {terms.broker.host}:{terms.broker.port}"
            raise BrokerError(f"{where}: {str(fault) or 'no answer'}") from fault

    async def keep_alive(self) -> None:
        """Ask a silent broker, and notice one that does not answer, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            owed = self._client.look()
            # While it is we who do not read, what it owes may be waiting.
            if self._reading and owed >= self._terms.answer_seconds:
                self._fail(f"the broker has not answered for {owed:.0f} s")

    def close(self) -> None:
        """Leave politely. The session, and with it everything not acknowledged, stays with the broker."""
        self._stop_reading()
        self._subscribed.cancel()
        self._client.disconnect()
        self._client.loop_write()
        if self._client.wire is not None:
            self._client.wire.close()
        metrics.IN_FLIGHT.set(0)

    # What paho calls.

    def _connected(self, flags: ConnectFlags, reason: ReasonCode) -> None:
        if reason.is_failure:
            self._fail(f"it refused us: {reason}")
            return
        self.resumed = flags.session_present
        metrics.session_resumed(resumed=self.resumed)
        if self._terms.leave:
            self._client.unsubscribe(list(self._terms.leave))
        if not self._terms.subscribe:
            self._subscribed.set_result(None)
            return
        # Brings retained statuses again, each time: what was missed while the session did not exist is among them.
        self._client.subscribe([(topic, SubscribeOptions(qos=QOS_GRANTED)) for topic in self._terms.subscribe])

    def _heard_of(self, granted: Sequence[ReasonCode]) -> None:
        """At less than QoS 1 nothing would wait for our acknowledgement, and what we lose would be lost."""
        refused = [str(reason) for reason in granted if reason.value != QOS_GRANTED]
        if refused:
            self._fail(f"it refused a subscription at QoS 1: {', '.join(refused)}")
        elif not self._subscribed.done():
            self._subscribed.set_result(None)

    def _disconnected(self, reason: ReasonCode) -> None:
        self._fail(f"the connection to the broker was lost: {reason}")

    def _arrived(self, header: int, packet: bytes) -> None:
        message = parse_publish(header, packet, self._now_us())
        if not self._waiting:
            self._waiting_since = self._loop.time()
        self._waiting.append(message)
        self._waiting_bytes += len(message.payload) + len(message.topic)

    # Within.

    def _fail(self, why: str) -> None:
        self._lost = self._lost or why
        self._changed.set()
        if not self._subscribed.done():
            self._subscribed.set_exception(ConnectionError(why))

    def _seconds_to_wait(self) -> float:
        return seconds_to_wait(
            self._limits,
            messages=len(self._waiting),
            payload_bytes=self._waiting_bytes,
            age_seconds=self._loop.time() - self._waiting_since,
        )

    def _take(self) -> list[Message]:
        limits = self._limits
        if len(self._waiting) <= limits.messages and self._waiting_bytes <= limits.payload_bytes:
            taken = list(self._waiting)
            self._waiting.clear()
            self._waiting_bytes = 0
        else:
            taken = self._take_some(limits.messages, limits.payload_bytes)
        self._taken += len(taken)
        return taken

    def _take_some(self, messages: int, payload_bytes: int) -> list[Message]:
        """The oldest, as many as a batch may hold; at least one, whatever its size."""
        taken: list[Message] = []
        room = payload_bytes
        while self._waiting and room > 0 and len(taken) < messages:
            message = self._waiting.popleft()
            room -= len(message.payload) + len(message.topic)
            taken.append(message)
        self._waiting_bytes -= payload_bytes - room
        return taken

    async def _change(self, seconds: float) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(None if seconds == float("inf") else seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    def _overfull(self) -> bool:
        return self._waiting_bytes >= MAX_WAITING_BYTES or len(self._waiting) >= MAX_WAITING_MESSAGES

    def _start_reading(self) -> None:
        wire = self._client.wire
        if wire is not None and wire.fileno() >= 0 and not self._reading and not self._overfull():
            self._reading = True
            self._loop.add_reader(wire, self._read)
            self._loop.call_soon(self._read)

    def _stop_reading(self) -> None:
        wire = self._client.wire
        if wire is not None and wire.fileno() >= 0:
            self._loop.remove_reader(wire)
        self._reading = False

    def _read(self) -> None:
        """Everything that one large read brings; the next turn of the loop brings the next."""
        if not self._reading:
            return
        try:
            self._read_packets()
        except NO_MQTT as fault:
            self._fail(f"what it says is no MQTT: {fault!r}")
        metrics.IN_FLIGHT.set(len(self._waiting) + self._taken)
        if self._waiting:
            self._changed.set()
        if self._lost is not None:
            self._stop_reading()
        elif self._overfull():
            metrics.PAUSES.inc()
            self._stop_reading()

    def _read_packets(self) -> None:
        client = self._client
        client.loop_read()
        while self._lost is None and client.wire is not None and client.wire.pending():
            client.loop_read()
