"""A load of QoS 1 messages at a given rate, from one task: cheap enough to share its cores with what it measures."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from devices.broker import BrokerAddress
from simulators.mqtt.delivery import Delivery
from simulators.mqtt.packets import FAREWELL, connect
from simulators.mqtt.publishing import BrokerLostError, Publishing

SLICE_SECONDS = 0.01
RECONNECT_SECONDS = 0.2
CONNECT_SECONDS = 5.0
SESSION_EXPIRY_SECONDS = 3_600

Messages = Iterator[tuple[str, bytes]]
"""Topic and payload of each message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadTerms:
    """Where to, how many messages per second, and how many of them may wait for their PUBACK.

    Two loads on one broker at a time need two client ids.
    """

    url: str
    rate: float
    window: int = 1_000
    client_id: str = "pantau-load"
    patience_seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What became of a load. `sent` = `acknowledged` + `refused`: it ends when every message has its PUBACK.

    `unmatched` of the acknowledged were dropped by the broker, for want of a subscriber. `resent` counts packets sent
    once more after a reconnect. `seconds` run from the first connection to the last PUBACK.
    """

    sent: int
    acknowledged: int
    unmatched: int
    refused: int
    resent: int
    connections: int
    seconds: float


async def publish(
    messages: Messages,
    terms: LoadTerms,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> LoadReport:
    """Publish all messages, `rate` per second, and return when each is acknowledged or refused.

    The load is open: what fell due while the broker was slow or away is owed, and follows as fast as the window allows.
    A lost connection is made again and what was unacknowledged is sent again, byte for byte: at least once.
    Raises LoadStuckError when nothing moved for `patience_seconds`, BrokerRefusedError when it does not let us in.
    """
    delivery = Delivery(messages, window=terms.window, rate=terms.rate, clock=clock)
    vigil = Vigil(delivery, patience_seconds=terms.patience_seconds, clock=clock)
    while not delivery.finished:
        try:
            await _attempt(delivery, vigil, terms, sleep=sleep)
        except (OSError, BrokerLostError) as failure:
            vigil.check(failure)
            await sleep(RECONNECT_SECONDS)
    return _report(delivery)


class LoadStuckError(Exception):
    """The broker was away, or silent, for longer than the load had patience."""


class Vigil:
    """Whether anything still moves: a message was settled, or a connection stands and owes us nothing.

    A connection alone is no progress: a broker that lets us in and throws us out again would keep us for ever.
    """

    def __init__(self, delivery: Delivery, *, patience_seconds: float, clock: Callable[[], float]) -> None:
        self._delivery = delivery
        self._patience_seconds = patience_seconds
        self._clock = clock
        self._settled = 0
        self._failure: Exception | None = None
        self._moved_at = clock()

    def check(self, failure: Exception | None = None) -> None:
        """Raises LoadStuckError, from the last `failure` told, when nothing moved for longer than the patience."""
        delivery = self._delivery
        self._failure = failure or self._failure
        if delivery.settled != self._settled or delivery.idle:
            self._settled, self._moved_at = delivery.settled, self._clock()
        elif self._clock() - self._moved_at > self._patience_seconds:
            raise LoadStuckError(
                f"nothing moved for {self._patience_seconds:g} s; {delivery.sent - delivery.settled} unacknowledged"
            ) from self._failure


async def _attempt(
    delivery: Delivery, vigil: Vigil, terms: LoadTerms, *, sleep: Callable[[float], Awaitable[None]]
) -> None:
    """One connection: publish until all is done. Raises OSError or BrokerLostError when it cannot be had or is lost."""
    address = BrokerAddress.parse(terms.url)
    hello = connect(
        terms.client_id,
        clean_start=delivery.connections == 0,
        session_expiry_seconds=SESSION_EXPIRY_SECONDS,
        user=address.user,
        password=address.password,
    )
    with closing(await _open(Publishing(delivery, hello), address)) as publishing:
        while not delivery.finished:
            publishing.flush()
            vigil.check()
            await sleep(SLICE_SECONDS)
        publishing.write(FAREWELL)
        await publishing.finish()


async def _open(publishing: Publishing, address: BrokerAddress) -> Publishing:
    context = ssl.create_default_context() if address.tls else None
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(CONNECT_SECONDS):  # a TimeoutError is an OSError
        await loop.create_connection(lambda: publishing, address.host, address.port, ssl=context)
    return publishing


def _report(delivery: Delivery) -> LoadReport:
    return LoadReport(
        sent=delivery.sent,
        acknowledged=delivery.acknowledged,
        unmatched=delivery.unmatched,
        refused=delivery.refused,
        resent=delivery.resent,
        connections=delivery.connections,
        seconds=delivery.seconds,
    )
