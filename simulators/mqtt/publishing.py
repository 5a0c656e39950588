"""One connection of the load publisher: the thin edge between a socket and a delivery."""

import asyncio
from typing import cast

from simulators.mqtt.delivery import Delivery
from simulators.mqtt.packets import (
    CONNACK,
    DISCONNECT,
    FAILURES,
    PUBACK,
    MalformedPacketError,
    parse_connack,
    parse_puback,
    whole_packets,
)


class BrokerLostError(Exception):
    """The connection to the broker was lost."""


class BrokerRefusedError(Exception):
    """The broker does not let us in; trying again would not help."""


class Publishing(asyncio.Protocol):
    """Writes what the delivery has to send and tells it what was acknowledged.

    What waits in the transport is bounded by the delivery's window, so its flow control is not needed.
    """

    def __init__(self, delivery: Delivery, hello: bytes) -> None:
        self._delivery = delivery
        self._hello = hello
        self._rest = b""
        self._failure: Exception | None = None
        self._transport: asyncio.Transport | None = None
        self._gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        try:
            self._read(self._rest + data)
        except (MalformedPacketError, BrokerLostError, BrokerRefusedError) as failure:
            self._fail(failure)
            return
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._failure = self._failure or BrokerLostError(str(exc or "the broker closed the connection"))
        self._delivery.close()
        self._gone.set()

    def flush(self) -> None:
        """Send what is due. Raises BrokerLostError, BrokerRefusedError or MalformedPacketError once it failed."""
        if self._failure is not None:
            raise self._failure
        self._send()

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    async def finish(self) -> None:
        """Write what is written, and return when the connection is closed."""
        if self._transport is not None:
            self._transport.close()
            await self._gone.wait()

    def close(self) -> None:
        """Cut the connection at once, if it still stands."""
        if self._transport is not None:
            self._transport.abort()

    def _send(self) -> None:
        packets = self._delivery.packets()
        if packets:
            self.write(b"".join(packets))

    def _read(self, buffer: bytes) -> None:
        end, settle = 0, self._delivery.settle
        for kind, body, end in whole_packets(buffer):  # noqa: B007  the last end is where the rest begins
            if kind == PUBACK:
                settle(*parse_puback(body))
            else:
                self._answer(kind, body)
        self._rest = buffer[end:]

    def _answer(self, kind: int, body: bytes) -> None:
        if kind == DISCONNECT:
            raise BrokerLostError(f"the broker disconnected us, reason {body[:1].hex() or '00'}")
        if kind != CONNACK:
            raise MalformedPacketError(f"a packet of type {kind}, which nobody asked for")
        connack = parse_connack(body)
        if connack.reason >= FAILURES:
            raise BrokerRefusedError(f"the broker refused the connection, reason {connack.reason:#04x}")
        self._delivery.open(connack)

    def _fail(self, failure: Exception) -> None:
        self._failure = failure
        self._delivery.close()
        self.close()
