"""The session on a real Mosquitto: what arrives, what comes again, what is held back, and what a loss looks like."""

import asyncio
import secrets
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import aiomqtt
import pytest

from deploy.local.mosquitto import Mosquitto
from devices.broker import BrokerAddress
from ingest.batch import BatchLimits
from ingest.message import Message
from ingest.session import LOOK_SECONDS, MAX_WAITING_BYTES, BrokerError, Session, SessionTerms, open_session
from tests.patience import PATIENCE_SECONDS, until

LIMITS = BatchLimits()


def now_us() -> int:
    return time.time_ns() // 1_000


def terms(url: str, *, receive_maximum: int = 4_096, name: str | None = None) -> SessionTerms:
    topic = name or f"test-{secrets.token_hex(4)}"
    return SessionTerms(
        broker=BrokerAddress.parse(url),
        client_id=topic,
        subscribe=[f"{topic}/#"],
        expiry_seconds=600,
        receive_maximum=receive_maximum,
        connect_seconds=PATIENCE_SECONDS,
        answer_seconds=PATIENCE_SECONDS,
    )


@pytest.fixture
async def publisher(mosquitto_server: Mosquitto) -> AsyncIterator[aiomqtt.Client]:
    broker = BrokerAddress.parse(mosquitto_server.url)
    async with aiomqtt.Client(broker.host, broker.port, timeout=PATIENCE_SECONDS) as client:
        yield client


async def heard(session: Session, count: int) -> list[Message]:
    """So many messages, none of them settled."""
    messages: list[Message] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(messages) < count:
            messages += await session.batch()
    return messages


async def silent(session: Session, seconds: float = 0.3) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return not await session.batch()
    except TimeoutError:
        return True


async def says_something(session: Session) -> None:
    before_us = session.heard_us()
    await until(lambda: session.heard_us() > before_us)


async def read_to_the_end(session: Session) -> None:
    """Return once the broker has read all that was said: the answer to the last word has come.

    It may take the next connection before it reads the last words of this one.
    """
    last = session._client.publish("said", b"", qos=1)
    await until(last.is_published)


async def test_messages_arrive_in_order_with_their_flags(
    mosquitto_server: Mosquitto, publisher: aiomqtt.Client
) -> None:
    asked = terms(mosquitto_server.url)
    await publisher.publish(f"{asked.client_id}/old", b"kept", qos=1, retain=True)
    async with open_session(asked, LIMITS, now_us) as session:
        await publisher.publish(f"{asked.client_id}/0", b"", qos=0)
        await publisher.publish(f"{asked.client_id}/1", b"news", qos=1)
        messages = await heard(session, 3)
        session.settle(messages)
    await publisher.publish(f"{asked.client_id}/old", b"", qos=1, retain=True)
    assert [(one.topic.split("/")[1], one.payload, one.retained) for one in messages] == [
        ("old", b"kept", True),
        ("0", b"", False),
        ("1", b"news", False),
    ]
    assert [one.packet_id > 0 for one in messages] == [True, False, True]
    assert not any(one.repeated for one in messages)


async def test_what_was_not_settled_comes_again_under_the_same_identifiers(
    mosquitto_server: Mosquitto, publisher: aiomqtt.Client
) -> None:
    asked = terms(mosquitto_server.url)
    async with open_session(asked, LIMITS, now_us) as session:
        assert not session.resumed
        for n in range(5):
            await publisher.publish(f"{asked.client_id}/a", b"%d" % n, qos=1)
        first = await heard(session, 5)
        session.settle(first[:2])
    async with open_session(asked, LIMITS, now_us) as session:
        assert session.resumed
        again = await heard(session, 3)
        assert [(one.packet_id, one.payload) for one in again] == [(one.packet_id, one.payload) for one in first[2:]]
        assert all(one.repeated for one in again)
        session.settle(again)
        await read_to_the_end(session)
    async with open_session(asked, LIMITS, now_us) as session:
        assert await silent(session)


async def test_no_more_than_receive_maximum_come_until_they_are_settled(
    mosquitto_server: Mosquitto, publisher: aiomqtt.Client
) -> None:
    asked = terms(mosquitto_server.url, receive_maximum=100)
    async with open_session(asked, LIMITS, now_us) as session:
        for n in range(250):
            await publisher.publish(f"{asked.client_id}/a", b"%d" % n, qos=1)
        everything = []
        for expected in (100, 100, 50):
            messages = await heard(session, expected)
            assert len(messages) == expected
            assert await silent(session)
            everything += messages
            session.settle(messages)
    assert [one.payload for one in everything] == [b"%d" % n for n in range(250)]


async def test_the_socket_is_left_unread_while_too_many_bytes_wait_and_is_read_again_afterwards(
    mosquitto_server: Mosquitto, publisher: aiomqtt.Client
) -> None:
    asked = terms(mosquitto_server.url)
    payload = b"x" * 65_536
    count = MAX_WAITING_BYTES // len(payload) + 150
    async with open_session(asked, LIMITS, now_us) as session:
        for _ in range(count):
            await publisher.publish(f"{asked.client_id}/a", payload, qos=1)
        await until(lambda: session._waiting_bytes >= MAX_WAITING_BYTES)
        await asyncio.sleep(0.1)
        assert session._waiting_bytes < MAX_WAITING_BYTES + 1_000_000
        total = 0
        async with asyncio.timeout(PATIENCE_SECONDS):
            while total < count:
                messages = await session.batch()
                assert sum(len(one.payload) for one in messages) <= LIMITS.payload_bytes + len(payload)
                total += len(messages)
                session.settle(messages)
        assert (total, session._waiting_bytes) == (count, 0)


async def test_a_clock_set_back_delays_no_batch(mosquitto_server: Mosquitto, publisher: aiomqtt.Client) -> None:
    clock = iter(range(10**15, 0, -3_600_000_000))
    asked = terms(mosquitto_server.url)
    async with open_session(asked, LIMITS, lambda: next(clock)) as session:
        for _ in range(3):
            await publisher.publish(f"{asked.client_id}/a", b"{}", qos=1)
            async with asyncio.timeout(PATIENCE_SECONDS):
                session.settle(await session.batch())


async def test_a_lost_broker_ends_the_session_and_the_next_one_hears(mortal_broker: Mosquitto) -> None:
    """An event loop that kept a closed socket's number would be deaf on the next socket, which gets the same."""
    asked = terms(mortal_broker.url)
    for turn in range(3):
        async with open_session(asked, LIMITS, now_us) as session:
            assert session.resumed == (turn > 0)
            async with aiomqtt.Client(asked.broker.host, asked.broker.port, timeout=PATIENCE_SECONDS) as client:
                await client.publish(f"{asked.client_id}/a", b"%d" % turn, qos=1)
            async with asyncio.timeout(PATIENCE_SECONDS):
                messages = await session.batch()
            assert [one.payload for one in messages] == [b"%d" % turn]
            session.settle(messages)
            await asyncio.to_thread(mortal_broker.stop)
            with pytest.raises(BrokerError, match="lost"):
                await asyncio.wait_for(session.batch(), PATIENCE_SECONDS)
        mortal_broker.start()


async def test_where_nothing_comes_within_the_time_given_there_is_no_batch(
    mosquitto_server: Mosquitto, publisher: aiomqtt.Client
) -> None:
    asked = terms(mosquitto_server.url)
    async with open_session(asked, LIMITS, now_us) as session:
        assert await session.batch(within_seconds=0.05) == []
        await publisher.publish(f"{asked.client_id}/a", b"{}", qos=1)
        assert len(await session.batch(within_seconds=PATIENCE_SECONDS)) == 1


async def test_a_silent_broker_is_asked_and_so_heard(mosquitto_server: Mosquitto) -> None:
    """Of itself it says nothing to a session without messages."""
    async with open_session(terms(mosquitto_server.url), LIMITS, now_us) as session:
        for _ in range(2):
            await says_something(session)
        assert session._lost is None


async def test_while_it_is_we_who_do_not_read_a_broker_is_not_taken_for_hanging(
    mosquitto_server: Mosquitto, publisher: aiomqtt.Client
) -> None:
    asked = replace(terms(mosquitto_server.url), answer_seconds=0.1)
    async with open_session(asked, LIMITS, now_us) as session:
        session._stop_reading()
        await until(lambda: session._client.look() >= asked.answer_seconds)
        await asyncio.sleep(2 * LOOK_SECONDS)
        assert session._lost is None
        session._terms = terms(mosquitto_server.url)
        session._start_reading()
        await publisher.publish(f"{asked.client_id}/a", b"{}", qos=1)
        assert len(await session.batch(within_seconds=PATIENCE_SECONDS)) == 1


async def test_a_refused_connection_names_the_place_and_not_the_password() -> None:
    with socket.socket() as held:  # and so nobody else's, and nobody listens there
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        with pytest.raises(BrokerError, match=rf"127\.0\.0\.1:{port}") as refused:
            async with open_session(terms(f"mqtt://who:hush-hush@127.0.0.1:{port}"), LIMITS, now_us):
                raise AssertionError
    assert "hush" not in f"{refused.value!r} {refused.value.__cause__!r}"
