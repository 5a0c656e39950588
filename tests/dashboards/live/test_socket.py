"""The live stream over a WebSocket, through a real server and, where a browser decides, a real browser's headers."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx
import pytest
import websockets
from psycopg_pool import AsyncConnectionPool
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dashboards.live.live import Live
from dashboards.rights import accounts, tokens
from dashboards.roles import Role
from tests.dashboards.city import City, Clock, NotRandom
from tests.patience import PATIENCE_SECONDS

PASSWORD = "sungai ogan"
NOTHING_HEARD = '{"last_event_id": null}'
# More than any client may be behind.
LOOKS = 70
# Of a client that gives nobody up for being late.
PATIENT: dict[str, Any] = {"open_timeout": PATIENCE_SECONDS, "ping_interval": None}


def _connect(url: str, query: str = "", **headers: str) -> websockets.connect:
    address = f"{url.replace('http', 'ws', 1)}/api/v1/live{query}"
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return websockets.connect(address, additional_headers=said, **PATIENT)


async def _next(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (message := json.loads(await socket.recv()))["type"] == "heartbeat":
            pass
    told: dict[str, Any] = message
    return told


async def _code(socket: ClientConnection) -> int:
    """With which it is closed, whatever is told before."""
    with suppress(ConnectionClosed):
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for _ in socket:
                pass
    assert socket.close_code is not None
    return socket.close_code


@pytest.fixture
async def bearer(secrets: dict[Role, str], live: Live) -> str:
    """What a screen says who it is, while there is something to be told."""
    await live.look()
    return f"Bearer {secrets[Role.WALL]}"


@pytest.fixture
async def cookie(pool: AsyncConnectionPool, url: str, clock: Clock, not_random: NotRandom, bearer: str) -> str:
    """What a browser sends in which somebody signed in."""
    more: dict[str, Any] = {"now": clock.now(), "token_bytes": not_random.token_bytes}
    async with pool.connection() as connection:
        await accounts.create(connection, "sari", Role.OPERATOR, PASSWORD, **more)

    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_SECONDS) as client:
        await client.post("/login", data={"name": "sari", "password": PASSWORD})
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


async def test_a_socket_tells_a_snapshot_and_then_deltas_compressed(
    url: str, bearer: str, live: Live, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    await city.judge()
    await live.look()
    async with _connect(url, Authorization=bearer) as socket:
        assert "permessage-deflate" in (socket.response.headers["Sec-WebSocket-Extensions"] if socket.response else "")
        snapshot = await _next(socket)
        assert (snapshot["type"], snapshot["data"]["version"]) == ("snapshot", "1.0.0")
        await city.reads("fp-001", "rx_power_dbm", (clock.now(), -21.5))
        await city.judge()
        await live.look()
        device, reading = await _next(socket), await _next(socket)
        assert (device["data"]["state"], reading["data"]["latest"]["rx_power_dbm"]["value"]) == ("up", -21.5)


@pytest.mark.parametrize("how", ["query", "first word"])
async def test_a_returning_socket_hears_what_it_missed(
    url: str, bearer: str, live: Live, city: City, clock: Clock, how: str
) -> None:
    await city.add("fp-001")
    await city.judge()
    await live.look()
    async with _connect(url, Authorization=bearer) as socket:
        last = (await _next(socket))["id"]
    await city.reads("fp-001", "rx_power_dbm", (clock.now(), -21.5))
    await city.judge()
    await live.look()
    live.first_word_seconds = PATIENCE_SECONDS
    async with _connect(url, f"?last_event_id={last}" if how == "query" else "", Authorization=bearer) as socket:
        if how == "first word":
            await socket.send(json.dumps({"last_event_id": last}))
        assert [(await _next(socket))["type"] for _ in range(2)] == ["device", "reading"]


@pytest.mark.parametrize("said", ["", "{", '{"last_event_id": 1}', '{"x": 1}', '["last_event_id"]', b"\xff"])
async def test_a_first_word_that_is_none_ends_it(url: str, bearer: str, live: Live, said: str | bytes) -> None:
    live.first_word_seconds = PATIENCE_SECONDS
    async with _connect(url, Authorization=bearer) as socket:
        await socket.send(said)
        assert await _code(socket) == 1007


async def test_a_first_word_that_comes_late_over_a_slow_line_ends_nothing(
    url: str, bearer: str, live: Live, city: City
) -> None:
    async with _connect(url, Authorization=bearer) as socket:
        assert (await _next(socket))["type"] == "snapshot"
        await socket.send(json.dumps({"last_event_id": "test-0"}))
        await city.add("fp-001")
        await live.look()
        assert (await _next(socket))["type"] == "device"
        await socket.send(json.dumps({"last_event_id": "test-0"}))
        assert await _code(socket) == 1008


async def test_nothing_more_is_heard_from_a_socket(url: str, bearer: str) -> None:
    async with _connect(url, Authorization=bearer) as socket:
        await _next(socket)
        await socket.send("{}")
        assert await _code(socket) == 1008


async def test_a_socket_with_a_cookie_is_for_our_own_pages_only(url: str, cookie: str) -> None:
    async with _connect(url, Cookie=cookie, Origin=url) as socket:
        assert (await _next(socket))["type"] == "snapshot"
    for elsewhere in ({"Origin": "http://elsewhere.test"}, {"Origin": "null"}, {}, {"Sec_Fetch_Site": "cross-site"}):
        with pytest.raises(InvalidStatus) as refused:
            await _connect(url, Cookie=cookie, **elsewhere)
        assert refused.value.response.status_code == 403, elsewhere


async def test_a_socket_without_a_token_or_with_one_in_its_address_is_refused(
    url: str, secrets: dict[Role, str], bearer: str
) -> None:
    secret = secrets[Role.WALL]
    for query, headers in (("", {}), (f"?token={secret}", {}), ("", {"Authorization": "Bearer x"})):
        with pytest.raises(InvalidStatus) as refused:
            await _connect(url, query, **headers)
        answer = refused.value.response
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


async def test_before_the_first_look_and_when_there_are_too_many_a_socket_is_refused(
    url: str, secrets: dict[Role, str], live: Live
) -> None:
    bearer = f"Bearer {secrets[Role.WALL]}"
    with pytest.raises(InvalidStatus) as refused:
        await _connect(url, Authorization=bearer)
    assert refused.value.response.status_code == 503
    await live.look()
    live._bounds = replace(live._bounds, most=1)
    async with _connect(url, Authorization=bearer) as socket:
        await _next(socket)
        with pytest.raises(InvalidStatus) as refused:
            await _connect(url, Authorization=bearer)
        assert json.loads(refused.value.response.body)["detail"] == "Too many live streams are open."


async def test_a_program_that_opens_ever_more_is_refused_and_leaves_the_others_their_places(
    url: str, bearer: str, live: Live, secrets: dict[Role, str]
) -> None:
    live._bounds = replace(live._bounds, of_one=1)
    async with _connect(url, Authorization=bearer) as socket:
        await _next(socket)
        with pytest.raises(InvalidStatus) as refused:
            await _connect(url, Authorization=bearer)
        answer = refused.value.response
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
        assert json.loads(answer.body)["detail"] == "Too many live streams are open with this account or token."
        headers = {"Authorization": bearer}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE_SECONDS) as client:
            assert (await client.get("/api/v1/events")).status_code == 429
        async with _connect(url, Authorization=f"Bearer {secrets[Role.OPERATOR]}") as other:
            await _next(other)


async def test_two_that_come_at_once_for_the_last_place_are_one_let_in_and_one_told_why(
    url: str, bearer: str, live: Live
) -> None:
    live.first_word_seconds = PATIENCE_SECONDS
    live._bounds = replace(live._bounds, of_one=1)
    async with _connect(url, Authorization=bearer) as one, _connect(url, Authorization=bearer) as other:
        await one.send(NOTHING_HEARD)
        await _next(one)
        await other.send(NOTHING_HEARD)
        assert await _code(other) == 1013
        assert other.close_reason == "Too many live streams are open with this account or token."


async def test_a_revoked_token_ends_its_socket_and_so_does_a_server_that_stops(
    url: str, bearer: str, live: Live, pool: AsyncConnectionPool, clock: Clock, secrets: dict[Role, str]
) -> None:
    operator = f"Bearer {secrets[Role.OPERATOR]}"
    async with _connect(url, Authorization=bearer) as socket, _connect(url, Authorization=operator) as other:
        await _next(socket)
        await _next(other)
        async with pool.connection() as connection:
            await tokens.revoke(connection, "wall", now=clock.now())
        await live.look()
        assert await _code(socket) == 1008
        live.close()
        assert await _code(other) == 1012


async def test_a_socket_that_does_not_read_is_given_a_fresh_snapshot(
    url: str, bearer: str, live: Live, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    await city.execute("update device set attributes = jsonb_build_object('note', repeat('x', 300000))")
    await live.look()
    async with websockets.connect(
        f"{url.replace('http', 'ws', 1)}/api/v1/live",
        additional_headers={"Authorization": bearer},
        compression=None,
        max_queue=1,
        close_timeout=0.1,
        **PATIENT,
    ) as slow:
        await _next(slow)
        for number in range(LOOKS):
            await city.execute("update device set name = %s", f"name {number}")
            await live.look()
        messages = [await _next(slow)]
        while messages[-1]["type"] != "snapshot":
            messages.append(await _next(slow))
    assert messages[-1]["data"]["devices"][0]["name"] == f"name {LOOKS - 1}"
    assert len(messages) < LOOKS


async def test_who_hangs_up_without_a_word_or_in_the_middle_is_no_failure_in_the_log(
    url: str, bearer: str, live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    for query in ("", "?last_event_id=none-1"):
        socket = await _connect(url, query, Authorization=bearer)
        if query:
            await _next(socket)
        socket.transport.abort()
        await socket.wait_closed()
    async with _connect(url, Authorization=bearer) as another:  # who came later is heard of later
        await _next(another)
        await live.look()
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
