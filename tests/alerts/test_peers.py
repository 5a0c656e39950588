"""The peers behave as the real ones are documented to: what the tests above them rest on."""

import asyncio
import contextlib
import os
import ssl
import tty
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.alerts.peers.at_modem import AtModem, at_modem
from tests.alerts.peers.bot_api import TOKEN, bot_api
from tests.alerts.peers.certificate import make_certificate
from tests.alerts.peers.http_server import Response, always, http_server
from tests.patience import PATIENCE_SECONDS

PROMPT = b"\r\n> "


def a_client(url: str = "") -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, timeout=PATIENCE_SECONDS)


async def test_the_bot_api_gives_an_update_again_until_it_is_confirmed() -> None:
    async with bot_api() as api, a_client(f"{api.url}/bot{TOKEN}") as bot:
        first = await api.types("41a")
        for offset, left in ((0, [first]), (first, [first]), (first + 1, [])):
            answer = await bot.post("/getUpdates", json={"offset": offset, "timeout": 0})
            assert [update["update_id"] for update in answer.json()["result"]] == left


async def test_the_bot_api_waits_for_news_and_ends_the_elder_of_two_polls() -> None:
    async with bot_api() as api, a_client(f"{api.url}/bot{TOKEN}") as bot:
        elder = asyncio.create_task(bot.post("/getUpdates", json={"offset": 0, "timeout": 50}))
        await api.polled(1)
        younger = asyncio.create_task(bot.post("/getUpdates", json={"offset": 0, "timeout": 50}))
        await api.polled(2)
        await api.presses("a:41:2:")
        assert (await elder).status_code == 409
        assert len((await younger).json()["result"]) == 1


async def test_the_bot_api_knows_one_token_and_no_text_that_is_too_long() -> None:
    async with bot_api() as api, a_client(api.url) as client:
        assert (await client.post("/bot1:other/getMe", json={})).status_code == 401
        long = {"chat_id": "1", "text": "x" * 4_097}
        assert (await client.post(f"/bot{TOKEN}/sendMessage", json=long)).status_code == 400


async def test_an_answer_may_be_lost_after_the_work_was_done() -> None:
    async with http_server(always(Response(lost=True))) as server, a_client() as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post(server.url, content=b"x")
        assert [request.body for request in server.requests] == [b"x"]


@pytest.fixture
def wire() -> Iterator[list[int]]:
    """The line to the modem that the test opened, to be closed."""
    lines: list[int] = []
    yield lines
    for line in lines:
        os.close(line)


async def _say(line: int, words: bytes, end: bytes = b"OK\r\n") -> bytes:
    """What the modem says to that, up to this end."""
    os.write(line, words)
    said = b""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not said.endswith(end):
            await asyncio.sleep(0.01)
            with contextlib.suppress(BlockingIOError):
                said += os.read(line, 4_096)
    return said


def _open(modem: AtModem) -> int:
    line = os.open(modem.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    tty.setraw(line)
    return line


async def test_the_modem_echoes_until_told_not_to_and_prompts_for_a_text(wire: list[int]) -> None:
    async with at_modem() as modem:
        wire.append(line := _open(modem))
        assert await _say(line, b"AT\r") == b"AT\r\r\nOK\r\n"
        await _say(line, b"ATE0\r")
        assert await _say(line, b'AT+CMGS="+62812"\r', PROMPT) == PROMPT
        assert await _say(line, b"halo\x1a") == b"\r\n+CMGS: 1\r\n\r\nOK\r\n"
        assert modem.sent == [("+62812", "halo")]


async def test_the_modem_forgets_an_unfinished_text_at_an_escape_and_keeps_what_it_received(wire: list[int]) -> None:
    async with at_modem() as modem:
        wire.append(line := _open(modem))
        await _say(line, b'ATE0\rAT+CMGS="+62812"\r', PROMPT)
        assert await _say(line, b"halo\x1bAT\r") == b"\r\nOK\r\n"
        modem.receives("41a")
        listed = await _say(line, b'AT+CMGL="ALL"\r')
        assert b'+CMTI: "SM",1' in listed
        assert b'+CMGL: 1,"REC UNREAD","+62812",,"26/03/02,12:00:00+28"\r\n41a\r\n\r\nOK' in listed
        assert b"REC READ" in await _say(line, b'AT+CMGL="ALL"\r')
    assert modem.sent == []


def test_a_certificate_is_good_for_this_machine_and_for_nobody_who_does_not_trust_it(tmp_path: Path) -> None:
    made = make_certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=made.file)
    (trusted,) = [one for one in trusting.get_ca_certs() if (("commonName", "127.0.0.1"),) in one["subject"]]
    assert ("IP Address", "127.0.0.1") in trusted["subjectAltName"]
