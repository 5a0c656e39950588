"""The played telephones: a page is read after a while, and answered as people answer."""

import asyncio
from datetime import UTC, datetime

import httpx

from alerts.notify.page import Page, short
from simulators.telephones import HEEDED, READ_SECONDS, UNREAD_MAX, Sms, Telephones, answer_to, seconds_to_read

NUMBER = "+6281200000001"


def page(number: int) -> Sms:
    """A page as the product sends it by SMS."""
    told = Page(incident=number, sequence=1, status="firing", severity="critical", title="KRITIS: putus", code="41")
    return Sms(to=NUMBER, text=short(told))


def now() -> datetime:
    return datetime(2026, 11, 28, 8, 0, tzinfo=UTC)


def test_most_pages_are_acknowledged_by_their_code_and_some_are_slept_through() -> None:
    answers = [answer_to(page(number)) for number in range(200)]
    assert set(answers) == {"41a", None}
    assert abs(answers.count("41a") / 200 - HEEDED) < 0.1


def test_what_asks_for_nothing_is_not_answered() -> None:
    assert answer_to(Sms(to=NUMBER, text="41 diterima atas nama Teknisi Lengkiti.")) is None


def test_nobody_looks_at_his_telephone_at_once_and_everybody_does_in_the_end() -> None:
    seconds = [seconds_to_read(page(number)) for number in range(200)]
    soonest, latest = READ_SECONDS
    assert soonest <= min(seconds) < max(seconds) <= latest


async def test_the_gateway_takes_a_message_and_passes_the_answer_on_when_it_was_read() -> None:
    heeded = next(sms for sms in map(page, range(10)) if answer_to(sms))
    answers: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    slept: list[float] = []

    async def answer(number: str, text: str) -> None:
        answers.put_nowait((number, text))
        raise OSError("the centre is away")

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    telephones = Telephones(answer, now=now, sleep=sleep)
    people = asyncio.create_task(telephones.run())
    async with client(telephones) as gateway:
        for _ in range(2):  # a lost answer ends nobody's reading
            assert (await gateway.post("/messages", json={"to": heeded.to, "text": heeded.text})).status_code == 202
            assert await answers.get() == (NUMBER, "41a")
        listed = (await gateway.get("/")).text.splitlines()
    people.cancel()
    assert slept == [seconds_to_read(heeded)] * 2
    assert listed[0] == f"08:00:00 {NUMBER} < 41a"
    assert listed[-1] == f"08:00:00 {NUMBER} > {heeded.text}"


async def test_what_is_no_message_is_refused_and_so_is_what_nobody_could_read_any_more() -> None:
    async def never(number: str, text: str) -> None:
        raise AssertionError

    async with client(Telephones(never, now=now)) as gateway:
        assert (await gateway.post("/messages", content=b"hello")).status_code == 422
        message = {"to": NUMBER, "text": "halo"}
        codes = [(await gateway.post("/messages", json=message)).status_code for _ in range(UNREAD_MAX + 1)]
    assert codes == [202] * UNREAD_MAX + [503]


def client(telephones: Telephones) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(telephones.app), base_url="http://gateway")
