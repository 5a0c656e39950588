"""paho's client with three of its own steps replaced, because ingest lives on them.

It reads and writes through a `Wire`. The connection, which blocks, is made apart from the rest, so that only the making
of a socket ever leaves the event loop's thread. And a PUBLISH is taken apart by ours: paho builds a table of all MQTT 5
properties for each message, which is most of its cost. All else (CONNECT, SUBSCRIBE, pings, TLS) is paho's.
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

KEEPALIVE_SECONDS = 30
# What paho raises when the other side speaks no MQTT.
NO_MQTT = (MQTTException, struct.error, LookupError, ValueError)


class Client(paho.Client):
    """`arrived` is called with the fixed header's first byte and the rest of each PUBLISH, less its length."""

    def __init__(self, client_id: str, arrived: Callable[[int, bytes], None], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=paho.MQTTv5, manual_ack=True)
        self.wire: Wire | None = None
        self._arrived = arrived
        self._event_loop = loop
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
        self.wire = Wire(connected, self._event_loop)
        self.reconnect()

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
