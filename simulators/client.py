"""aiomqtt's client, of which a city has hundreds, and each of which may lose its socket at any moment."""

import socket
from contextlib import suppress
from typing import Any

import aiomqtt
import paho.mqtt.client as paho


class Client(aiomqtt.Client):
    """aiomqtt knows no end without DISCONNECT, and asks the loop to watch sockets that are closed by then."""

    def hang_up(self) -> None:
        """Shut the socket down, if it is open: paho then finds its connection lost and clears up after itself."""
        opened = self._client.socket()
        if isinstance(opened, socket.socket):
            with suppress(OSError):  # the other side was faster
                opened.shutdown(socket.SHUT_RDWR)

    def _on_socket_register_write(self, client: paho.Client, userdata: Any, sock: Any) -> None:  # noqa: ANN401, ARG002  paho's
        """Paho has more to send than the socket takes. It may say so in the thread in which it connects."""

        def watch() -> None:
            if sock.fileno() != -1:
                self._loop.add_writer(sock.fileno(), self._write, client)

        self._loop.call_soon_threadsafe(watch)

    def _write(self, client: paho.Client) -> None:
        try:
            client.loop_write()
        except Exception as broken:  # noqa: BLE001  whatever it is, the connection is gone
            if not self._disconnected.done():
                self._disconnected.set_exception(broken)
