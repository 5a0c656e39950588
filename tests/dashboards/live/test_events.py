"""The live stream, from a committed row to a browser's socket, through a real server."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool

from dashboards import metrics
from dashboards.live.event_stream import EventStream
from dashboards.live.live import Live
from dashboards.rights import tokens
from dashboards.roles import Role
from tests.dashboards.city import City, Clock
from tests.patience import PATIENCE_SECONDS

EVENTS = "/api/v1/events"
# So little lies unread before a client that what is told to it waits at the server.
NARROW = (socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)
# More than any client may be behind.
LOOKS = 70


class Listener:
    """One open stream, message by message, heartbeats apart."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.heartbeats: list[dict[str, Any]] = []

    async def any(self) -> dict[str, Any]:
        event_id = ""
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for line in self._lines:
                if line.startswith("id: "):
                    event_id = line.removeprefix("id: ")
                if line.startswith("data: "):
                    message: dict[str, Any] = json.loads(line.removeprefix("data: "))
                    assert message["id"] == event_id
                    assert set(message) == {"id", "type", "at", "data"}
                    return message
        raise EOFError

    async def next(self) -> dict[str, Any]:
        while (message := await self.any())["type"] == "heartbeat":
            self.heartbeats.append(message)
        return message


async def _look(live: Live, city: City) -> None:
    """The engine judges, and the reader looks."""
    await city.judge()
    await live.look()


@asynccontextmanager
async def _listening(
    url: str, secret: str, last_event_id: str | None = None, *, coding: str = "gzip", asked: str = EVENTS
) -> AsyncIterator[Listener]:
    headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": coding}
    headers |= {"Last-Event-ID": last_event_id} if last_event_id else {}
    transport = httpx.AsyncHTTPTransport(socket_options=[NARROW])
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, transport=transport, timeout=PATIENCE_SECONDS) as client,
        client.stream("GET", asked) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers.get("content-encoding", "identity") == coding
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Listener(answer.aiter_lines())


@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_a_stream_begins_with_a_snapshot_and_goes_on_with_deltas(
    url: str, secrets: dict[Role, str], live: Live, city: City, clock: Clock, coding: str
) -> None:
    await city.add("fp-001")
    await _look(live, city)
    async with _listening(url, secrets[Role.WALL], coding=coding) as listener:
        snapshot = await listener.next()
        assert snapshot["type"] == "snapshot"
        assert [device["state"] for device in snapshot["data"]["devices"]] == ["unknown"]
        assert snapshot["data"]["summary"]["devices"]["fibre_point"]["unknown"] == 1
        await city.reads("fp-001", "rx_power_dbm", (clock.now(), -21.5))
        await _look(live, city)
        device, reading = await listener.next(), await listener.next()
        assert (device["type"], device["data"]["state"]) == ("device", "up")
        assert reading["type"] == "reading"
        assert reading["data"]["latest"] == {"rx_power_dbm": {"value": -21.5, "time": "2026-11-21T14:02:10Z"}}
        await city.says("fp-001", "offline")
        await city.alerts("silent", "fp-001")
        await _look(live, city)
        device, alert = await listener.next(), await listener.next()
        assert (device["data"]["state"], alert["type"], alert["data"]["state"]) == ("down", "alert", "firing")
        await city.execute("update alert set state = 'resolved', ends_at = starts_at, end_reason = 'cleared'")
        await _look(live, city)
        assert (await listener.next())["data"]["state"] == "resolved"


async def test_a_snapshot_equals_what_the_api_says(
    url: str, secrets: dict[Role, str], live: Live, city: City, clock: Clock, wall: httpx.AsyncClient
) -> None:
    await city.add("fp-001")
    await city.add("cam-01", "camera")
    await city.reads("fp-001", "rx_power_dbm", (clock.now(), -21.5))
    await city.says("cam-01", "online")
    await _look(live, city)
    async with _listening(url, secrets[Role.WALL]) as listener:
        data = (await listener.next())["data"]
    items = (await wall.get("/api/v1/devices")).json()["items"]
    assert sorted(data["devices"], key=lambda device: device["id"]) == items
    assert data["summary"] == (await wall.get("/api/v1/summary")).json()


async def test_heartbeats_carry_the_servers_time_and_when_the_database_was_read(
    url: str, secrets: dict[Role, str], live: Live, clock: Clock
) -> None:
    await live.look()
    async with _listening(url, secrets[Role.WALL]) as listener:
        snapshot, behind = await listener.any(), await listener.any()
        assert (snapshot["type"], behind["type"]) == ("snapshot", "heartbeat")
        clock.pass_seconds(12)
        while (heartbeat := await listener.any())["at"] == snapshot["at"]:
            assert heartbeat["type"] == "heartbeat", "which was under way by then"
        assert (heartbeat["type"], heartbeat["id"]) == ("heartbeat", snapshot["id"])
        assert heartbeat["data"] == {
            "server_time": "2026-11-21T14:02:22Z",
            "read_at": "2026-11-21T14:02:10Z",
            "blind_since": None,
            "build": "b1",
        }


async def test_when_we_begin_to_be_blind_a_heartbeat_says_so_at_once(
    url: str, secrets: dict[Role, str], live: Live, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    await city.reads("fp-001", "rx_power_dbm", (clock.now(), -21.5))
    await _look(live, city)
    async with _listening(url, secrets[Role.WALL]) as listener:
        assert (await listener.next())["data"]["summary"]["blind_since"] is None
        clock.pass_seconds(16)
        await live.look()
        device = await listener.next()
        assert (device["data"]["state"], device["data"]["since"]) == ("unknown", "2026-11-21T14:02:10Z")
        assert listener.heartbeats[-1]["data"]["blind_since"] == "2026-11-21T14:02:10Z"
        await _look(live, city)
        assert (await listener.next())["data"]["state"] == "up"
        assert listener.heartbeats[-1]["data"]["blind_since"] is None


async def test_a_returning_client_hears_what_it_missed_and_nothing_else(
    url: str, secrets: dict[Role, str], live: Live, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    await _look(live, city)
    async with _listening(url, secrets[Role.WALL]) as listener:
        last = (await listener.next())["id"]
    for number in range(3):
        clock.pass_seconds(1)
        await city.reads("fp-001", "rx_power_dbm", (clock.now(), -20.0 - number))
        await _look(live, city)
    async with _listening(url, secrets[Role.WALL], last) as listener:
        messages = [await listener.next() for _ in range(4)]
    assert [message["type"] for message in messages] == ["device", "reading", "reading", "reading"]
    assert messages[-1]["data"]["latest"]["rx_power_dbm"]["value"] == -22.0


@pytest.mark.parametrize("last", ["other-1", "test-99999", "nonsense"])
async def test_a_client_that_cannot_resume_is_given_a_snapshot(
    url: str, secrets: dict[Role, str], live: Live, last: str
) -> None:
    await live.look()
    async with _listening(url, secrets[Role.WALL], last) as listener:
        assert (await listener.next())["type"] == "snapshot"


async def test_a_client_that_does_not_read_is_given_a_fresh_snapshot(
    url: str, secrets: dict[Role, str], live: Live, city: City, clock: Clock
) -> None:
    """Its socket is full, it falls 50 behind; what it reads in the end is now, and memory was bounded."""
    await city.add("fp-001")
    await city.execute("update device set attributes = jsonb_build_object('note', repeat('x', 50000))")
    await _look(live, city)
    before = metrics.RESNAPSHOTTED._value.get()
    async with _listening(url, secrets[Role.WALL], coding="identity") as listener:
        await listener.next()
        for number in range(LOOKS):
            await city.execute("update device set name = %s", f"name {number}")
            await _look(live, city)
        messages = [await listener.next()]
        while messages[-1]["type"] != "snapshot":
            messages.append(await listener.next())
    assert messages[-1]["data"]["devices"][0]["name"] == f"name {LOOKS - 1}"
    assert len(messages) < LOOKS
    assert metrics.RESNAPSHOTTED._value.get() > before


async def test_a_revoked_token_ends_its_stream(
    url: str, secrets: dict[Role, str], live: Live, pool: AsyncConnectionPool, clock: Clock
) -> None:
    await live.look()
    async with _listening(url, secrets[Role.WALL]) as listener:
        await listener.next()
        async with pool.connection() as connection:
            await tokens.revoke(connection, "wall", now=clock.now())
        await live.look()
        with pytest.raises(EOFError):
            await listener.next()


async def test_a_server_that_stops_ends_its_streams(url: str, secrets: dict[Role, str], live: Live) -> None:
    await live.look()
    async with _listening(url, secrets[Role.WALL]) as listener:
        await listener.next()
        live.close()
        with pytest.raises(EOFError):
            await listener.next()


async def test_before_the_first_look_there_is_nothing_to_stream(wall: httpx.AsyncClient) -> None:
    answer = await wall.get(EVENTS)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_a_reader_looks_once_per_wake_and_tells_what_was_missed_after_a_failure(
    live: Live, pool: AsyncConnectionPool, city: City, clock: Clock
) -> None:
    await city.add("fp-001")

    async def wakes() -> AsyncIterator[None]:
        yield
        await city.reads("fp-001", "rx_power_dbm", (clock.now(), -21.5))
        await city.judge()
        await city.execute("alter table alert rename to hidden")
        yield

    with pytest.raises(Exception, match="alert"):
        await live.run(wakes())
    await city.execute("alter table hidden rename to alert")
    await _look(live, city)
    with live.joined(1, "a", "test-1") as client:
        bundle = await anext(live.bundles(client))
    assert json.loads(bundle.messages[0].body)["type"] == "device"


async def test_no_change_is_missed_by_a_transaction_that_commits_late(
    live: Live, pool: AsyncConnectionPool, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    number = await city.number("fp-001", "rtt_seconds")
    await city.add("fp-002")
    async with pool.connection() as slow, slow.transaction():
        await slow.execute(
            "insert into latest (series_id, time, value, received_at) values (%s, %s, 1, %s)",
            [number, clock.now(), clock.now()],
        )
        await city.reads("fp-002", "rtt_seconds", (clock.now(), 2.0))
        await _look(live, city)
    before = live._audience.newest
    await _look(live, city)
    assert live._audience.newest == before + 2, "the state that came late, and the reading"


async def test_a_client_that_takes_nothing_is_cut_and_its_place_is_free_again(
    live: Live, secrets: dict[Role, str]
) -> None:
    await live.look()
    before = metrics.CUT._value.get()

    async def never(*_: object) -> Any:  # noqa: ANN401  both what is sent and what is received
        await asyncio.Event().wait()

    sent = iter([None])

    async def send_once(_: object) -> None:
        if next(sent, never) is never:
            await never()

    stream = EventStream(live.joined(1, "a", None), live.bundles, taken_seconds=0.01)
    await stream({"type": "http", "headers": []}, never, send_once)
    assert (metrics.CUT._value.get(), len(live._audience._clients)) == (before + 1, 0)
