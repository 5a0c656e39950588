"""The wire between paho and a socket: over a pair of sockets."""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator

import pytest

from ingest.wire import Wire
from tests.patience import PATIENCE_SECONDS


@pytest.fixture
async def pair() -> AsyncIterator[tuple[Wire, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    wire = Wire(ours, asyncio.get_running_loop(), itertools.count().__next__)
    yield wire, theirs
    wire.close()
    theirs.close()


async def test_one_large_read_serves_many_small_ones(pair: tuple[Wire, socket.socket]) -> None:
    wire, theirs = pair
    theirs.send(b"abcdef")
    assert bytes(wire.recv(1)) == b"a"
    assert wire.pending() == 5
    assert bytes(wire.recv(100)) == b"bcdef"
    assert wire.pending() == 0
    with pytest.raises(BlockingIOError):
        wire.recv(1)


async def test_the_end_of_the_connection_is_an_empty_read(pair: tuple[Wire, socket.socket]) -> None:
    wire, theirs = pair
    theirs.close()
    assert len(wire.recv(1)) == 0


async def test_hearing_is_bytes_and_not_the_end_of_the_connection(pair: tuple[Wire, socket.socket]) -> None:
    wire, theirs = pair
    made = wire.heard_at, wire.heard_us
    with pytest.raises(BlockingIOError):
        wire.recv(1)
    assert (wire.heard_at, wire.heard_us) == made
    theirs.send(b"a")
    wire.recv(1)
    heard = wire.heard_at, wire.heard_us
    assert heard > made
    assert wire.heard_us == made[1] + 1
    theirs.close()
    wire.recv(1)
    assert (wire.heard_at, wire.heard_us) == heard


async def test_what_is_sent_in_one_turn_leaves_in_one_piece(pair: tuple[Wire, socket.socket]) -> None:
    wire, theirs = pair
    assert wire.send(b"ab") + wire.send(b"cd") == 4
    with pytest.raises(BlockingIOError):
        theirs.recv(10)
    await asyncio.sleep(0)
    assert theirs.recv(10) == b"abcd"


async def test_more_than_the_kernel_takes_leaves_as_it_takes_it(pair: tuple[Wire, socket.socket]) -> None:
    wire, theirs = pair
    data = bytes(range(256)) * 20_000
    wire.send(data)
    received = bytearray()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(received) < len(data):
            received += await asyncio.get_running_loop().sock_recv(theirs, 100_000)
    assert received == data


async def test_what_was_sent_before_closing_still_leaves(pair: tuple[Wire, socket.socket]) -> None:
    wire, theirs = pair
    wire.send(b"goodbye")
    wire.close()
    assert (theirs.recv(10), theirs.recv(10)) == (b"goodbye", b"")
    await asyncio.sleep(0)  # the flush that was due finds the socket gone


async def test_a_write_to_nobody_is_noticed_by_the_next_read_alone(pair: tuple[Wire, socket.socket]) -> None:
    wire, theirs = pair
    theirs.close()
    wire.send(b"hello")
    await asyncio.sleep(0)
    assert len(wire.recv(1)) == 0
