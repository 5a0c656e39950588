"""One MQTT 5 session on the broker: connect, batches of messages, acknowledge. The only importer of paho-mqtt.

The session is persistent under a fixed client id: while nobody is connected the broker keeps what arrives, and what was
delivered but not acknowledged comes again with the same packet identifiers (OASIS MQTT 5.0, 4.4).
"""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from devices.broker import BrokerAddress
from ingest import metrics
from ingest.batch import BatchLimits, seconds_to_wait
from ingest.message import Message, parse_publish
from ingest.wire import Wire

KEEPALIVE_SECONDS = 30
CONNECT_SECONDS = 10.0
# Beyond so many bytes waiting to be committed the socket is not read: the broker holds the rest.
MAX_WAITING_BYTES = 32 * 1024 * 1024


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
        self._terms = terms
        self._limits = limits
        self._now_us = now_us
        self._loop = loop
        self._client = _client(self, terms, loop)
        self._wire: Wire | None = None
        self._reading = False
        self._waiting: deque[Message] = deque()
        self._waiting_bytes = 0
        self._changed = asyncio.Event()
        self._subscribed: asyncio.Future[None] = loop.create_future()
        self._lost: str | None = None

    async def batch(self) -> list[Message]:
        """The next messages, at least one, when the batch is full or old. Raises BrokerError when the link is lost."""
        while self._lost is None:
            wait = self._seconds_to_wait()
            if wait == 0.0:
                return self._take()
            await self._change(wait)
        raise BrokerError(self._lost)

    def settle(self, messages: Iterable[Message]) -> None:
        """Acknowledge messages whose rows are committed; all of them leave in one write."""
        for message in messages:
            if message.packet_id:
                self._client.ack(message.packet_id, 1)
        metrics.IN_FLIGHT.set(len(self._waiting))
        self._start_reading()

    async def open(self) -> None:
        """Connect and subscribe. Raises BrokerError."""
        broker = self._terms.broker
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = self._terms.expiry_seconds
        properties.ReceiveMaximum = self._terms.receive_maximum
        try:
            await asyncio.to_thread(
                self._client.connect,
                broker.host,
                broker.port,
                KEEPALIVE_SECONDS,
                clean_start=False,
                properties=properties,
            )
            self._start_reading()
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._subscribed
        except (OSError, TimeoutError) as fault:
            raise BrokerError(f"no MQTT broker at {broker.host}:{broker.port}: {str(fault) or 'no answer'}") from fault

    async def keep_alive(self) -> None:
        """Let paho send its pings and notice their absence, until cancelled."""
        while True:
            await asyncio.sleep(1)
            self._client.loop_misc()

    def close(self) -> None:
        """Leave politely. The session, and with it everything not acknowledged, stays with the broker."""
        self._stop_reading()
        self._subscribed.cancel()
        self._client.disconnect()
        self._client.loop_write()
        if self._wire is not None:
            self._wire.close()

    # What paho calls.

    def created(self, wire: Wire) -> None:
        self._wire = wire

    def connected(self, flags: paho.ConnectFlags, reason: ReasonCode) -> None:
        if reason.is_failure:
            self._fail(f"the broker refused us: {reason}")
            return
        metrics.session_resumed(resumed=flags.session_present)
        if self._terms.leave:
            self._client.unsubscribe(list(self._terms.leave))
        # Brings retained statuses again, each time: what was missed while the session did not exist is among them.
        self._client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in self._terms.subscribe])

    def subscribed(self, reasons: Sequence[ReasonCode]) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._fail(f"the broker refused a subscription: {', '.join(refused)}")
        elif not self._subscribed.done():
            self._subscribed.set_result(None)

    def disconnected(self, reason: ReasonCode) -> None:
        self._fail(f"the connection to the broker was lost: {reason}")

    def arrived(self, header: int, packet: bytes) -> None:
        message = parse_publish(header, packet, self._now_us())
        self._waiting.append(message)
        self._waiting_bytes += len(message.payload)

    def write_soon(self) -> None:
        self._loop.call_soon_threadsafe(self._client.loop_write)

    # Within.

    def _fail(self, why: str) -> None:
        self._lost = self._lost or why
        self._changed.set()
        if not self._subscribed.done():
            self._subscribed.set_exception(ConnectionError(why))

    def _seconds_to_wait(self) -> float:
        age = (self._now_us() - self._waiting[0].received_us) / 1e6 if self._waiting else 0.0
        return seconds_to_wait(
            self._limits, messages=len(self._waiting), payload_bytes=self._waiting_bytes, age_seconds=age
        )

    def _take(self) -> list[Message]:
        count = min(len(self._waiting), self._limits.messages)
        taken = [self._waiting.popleft() for _ in range(count)]
        self._waiting_bytes -= sum(len(message.payload) for message in taken)
        return taken

    async def _change(self, seconds: float) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(None if seconds == float("inf") else seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    def _start_reading(self) -> None:
        wire = self._wire
        if wire is not None and wire.fileno() >= 0 and not self._reading and self._waiting_bytes < MAX_WAITING_BYTES:
            self._reading = True
            self._loop.add_reader(wire, self._read)
            self._loop.call_soon(self._read)

    def _stop_reading(self) -> None:
        if self._wire is not None and self._wire.fileno() >= 0:
            self._loop.remove_reader(self._wire)
        self._reading = False

    def _read(self) -> None:
        """Everything that one large read brings; the next turn of the loop brings the next."""
        if self._wire is None or not self._reading:
            return
        self._client.loop_read()
        while self._wire.pending() and self._lost is None:
            self._client.loop_read()
        if self._waiting:
            self._changed.set()
        if self._waiting_bytes >= MAX_WAITING_BYTES or self._lost is not None:
            self._stop_reading()


class _Client(paho.Client):
    """paho's client with two of its own steps replaced, because ingest lives on them.

    It reads and writes through a `Wire`, and a PUBLISH is taken apart by ours: paho builds a table of all MQTT 5
    properties for each message, which is most of its cost. All else (CONNECT, SUBSCRIBE, pings, TLS) is paho's.
    """

    session: Session
    event_loop: asyncio.AbstractEventLoop

    def _create_socket(self) -> Any:  # noqa: ANN401  paho's SocketLike is private
        wire = Wire(super()._create_socket(), self.event_loop)  # type: ignore[arg-type]
        self.session.created(wire)
        return wire

    def _handle_publish(self) -> MQTTErrorCode:
        try:
            self.session.arrived(self._in_packet["command"], bytes(self._in_packet["packet"]))
        except IndexError:
            return MQTTErrorCode.MQTT_ERR_PROTOCOL
        return MQTTErrorCode.MQTT_ERR_SUCCESS


def _client(session: Session, terms: SessionTerms, loop: asyncio.AbstractEventLoop) -> _Client:
    client = _Client(CallbackAPIVersion.VERSION2, client_id=terms.client_id, protocol=paho.MQTTv5, manual_ack=True)
    client.session, client.event_loop = session, loop
    if terms.broker.user is not None:
        client.username_pw_set(terms.broker.user, terms.broker.password)
    if terms.broker.tls:
        client.tls_set_context(ssl.create_default_context())
    client.on_connect = lambda _client, _data, flags, reason, _properties: session.connected(flags, reason)
    client.on_disconnect = lambda _client, _data, _flags, reason, _properties: session.disconnected(reason)
    client.on_subscribe = lambda _client, _data, _mid, reasons, _properties: session.subscribed(reasons)
    client.on_socket_register_write = lambda _client, _data, _wire: session.write_soon()
    return client
