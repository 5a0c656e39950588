"""The private seam of paho that client.py leans on. When one of these fails, paho has moved: read client.py again."""

import asyncio
import inspect
import socket

import paho.mqtt.client as paho
from paho.mqtt.enums import MQTTErrorCode

from ingest.client import SILENT_SECONDS, Client
from ingest.wire import Wire

Heard = list[tuple[int, bytes]]


def greeted(heard: Heard) -> tuple[Client, socket.socket]:
    """A client that has sent its CONNECT, and the broker's end of the line."""
    ours, theirs = socket.socketpair()
    client = Client(
        "test", lambda header, packet: heard.append((header, packet)), asyncio.get_running_loop(), lambda: 0
    )
    client.connect_async("localhost")
    client.greet(ours)
    return client, theirs


def hang_up(client: Client, theirs: socket.socket) -> None:
    client.disconnect()
    client.loop_write()
    theirs.close()


def test_paho_has_the_steps_that_we_replace_with_the_same_signatures() -> None:
    for name in ("_create_socket", "_handle_publish"):
        assert list(inspect.signature(getattr(paho.Client, name)).parameters) == ["self"]


async def test_paho_takes_its_socket_from_our_step_and_speaks_through_it() -> None:
    client, theirs = greeted([])
    assert isinstance(client.socket(), Wire)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert theirs.recv(100).startswith(b"\x10")
    hang_up(client, theirs)


async def test_paho_brings_a_publish_to_our_step_with_its_header_and_its_bytes() -> None:
    heard: Heard = []
    client, theirs = greeted(heard)
    theirs.send(b"\x3b\x06\x00\x01a\x00\x07\x00" + b"\x30\x04\x00\x01b\x00")
    client.loop_read()
    client.loop_read()
    assert heard == [(0x3B, b"\x00\x01a\x00\x07\x00"), (0x30, b"\x00\x01b\x00")]
    hang_up(client, theirs)


async def test_paho_leaves_the_acknowledgement_to_us() -> None:
    client, theirs = greeted([])
    client.loop_write()
    await asyncio.sleep(0)
    theirs.recv(100)
    theirs.send(b"\x32\x06\x00\x01a\x00\x07\x00")
    client.loop_read()
    client.loop_write()
    client.ack(7, 1)
    client.loop_write()
    assert client.wire is not None
    client.wire.flush()
    assert theirs.recv(100) == b"\x40\x02\x00\x07"
    hang_up(client, theirs)


async def test_a_silent_broker_is_asked_once_and_any_word_is_an_answer() -> None:
    client, theirs = greeted([])
    assert client.wire is not None
    client.loop_write()
    await asyncio.sleep(0)
    theirs.recv(100)
    assert client.look() == 0
    client.wire.heard_at -= SILENT_SECONDS
    client.look()
    assert client.look() > 0
    client.wire.flush()
    assert theirs.recv(100) == b"\xc0\x00"
    theirs.send(b"\x30\x04\x00\x01b\x00")
    client.loop_read()
    assert client.look() == 0
    hang_up(client, theirs)


async def test_a_publish_that_ends_too_soon_ends_the_connection() -> None:
    ours, theirs = socket.socketpair()

    def refuse(_header: int, packet: bytes) -> None:
        raise IndexError(packet)

    client = Client("test", refuse, asyncio.get_running_loop(), lambda: 0)
    client.connect_async("localhost")
    client.greet(ours)
    theirs.send(b"\x30\x01\x00")
    assert client.loop_read() == MQTTErrorCode.MQTT_ERR_PROTOCOL
    assert client.socket() is None
    theirs.close()
