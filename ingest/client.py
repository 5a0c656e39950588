"""paho's client with three of its own steps replaced, because ingest lives on them.

It reads and writes through a `Wire`. The connection, which blocks, is made apart from the rest, so that only the making
of a socket ever leaves the event loop's thread. And a PUBLISH is taken apart by ours: paho builds a table of all MQTT 5
properties for each message, which is most of its cost. A silent broker is asked sooner than paho would. All else
(CONNECT, SUBSCRIBE, TLS) is paho's.
"""

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import MQTTException, Properties

from devices.broker import BrokerAddress
from ingest.wire import Wire

# What the broker holds us to: it waits half as long again. How long we wait for the broker is not left to paho, which
# asks only after so much silence and then waits as long once more: of an idle city we would not know for half a minute
# whether we see it, and of a broker that hangs for a whole one. Simply shorter it would not do: a worker that stands
# still for some seconds would be turned out, and paho does not know when it is we who do not read its answer.
KEEPALIVE_SECONDS = 30
# So long silent, the broker is asked. In a city of any size it never is.
SILENT_SECONDS = 1.0
PINGREQ = b"\xc0\x00"
# What paho raises when the other side speaks no MQTT.
NO_MQTT = (MQTTException, struct.error, LookupError, ValueError)


class Client(paho.Client):
    """`arrived` is called with the fixed header's first byte and the rest of each PUBLISH, less its length."""

    def __init__(
        self,
        client_id: str,
        arrived: Callable[[int, bytes], None],
        loop: asyncio.AbstractEventLoop,
        now_us: Callable[[], int],
    ) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=paho.MQTTv5, manual_ack=True)
        self.wire: Wire | None = None
        self._arrived = arrived
        self._event_loop = loop
        self._now_us = now_us
        self._asked_at = float("-inf")
        self.on_socket_register_write = self._write_soon

    def address(self, broker: BrokerAddress, *, expiry_seconds: int, receive_maximum: int) -> None:
        """Say where to connect to, and on which terms."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = expiry_seconds
        properties.ReceiveMaximum = receive_maximum
        if broker.user is not None:
            self.username_pw_set(broker.user, broker.password)
        if broker.tls:
            self.tls_set_context(ssl.create_default_context())
        self.connect_async(broker.host, broker.port, KEEPALIVE_SECONDS, clean_start=False, properties=properties)

    def dial(self) -> Any:  # noqa: ANN401  paho's SocketLike is private
        """The connected socket, after its TLS handshake. Blocks; raises OSError."""
        return super()._create_socket()

    def greet(self, connected: socket.socket) -> None:
        """Send CONNECT over a socket made by `dial`."""
        self.wire = Wire(connected, self._event_loop, self._now_us)
        self.reconnect()

    def look(self) -> float:
        """To be called every second: ask a silent broker, and return for how many seconds it has owed us any word."""
        self.loop_misc()
        now = self._event_loop.time()
        if self.wire is None or now - self.wire.heard_at < SILENT_SECONDS:
            return 0.0
        if self._asked_at <= self.wire.heard_at:
            self._asked_at = now
            self.wire.send(PINGREQ)
        return now - self._asked_at

    def _write_soon(self, *_: object) -> None:
        self._event_loop.call_soon(self.loop_write)

    def _create_socket(self) -> Any:  # noqa: ANN401  paho's SocketLike is private
        return self.wire

    def _handle_publish(self) -> MQTTErrorCode:
        try:
            self._arrived(self._in_packet["command"], bytes(self._in_packet["packet"]))
        except IndexError:
            return MQTTErrorCode.MQTT_ERR_PROTOCOL
        return MQTTErrorCode.MQTT_ERR_SUCCESS
