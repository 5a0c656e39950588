"""Clients of the live stream: bounded, and never shown an ever-older past."""

import asyncio

import pytest

from dashboards.live.audience import Audience, Client
from dashboards.live.messages import Message, Numbering


def _message(sequence: int) -> Message:
    return Message(sequence=sequence, id=f"p-{sequence}", body="")


def _audience(*, queue: int = 3, resume: int = 10) -> Audience:
    return Audience(clients_max=2, client_queue=queue, resume_messages=resume)


async def _sequences(client: Client, snapshot: int = 99) -> list[int]:
    taken = []
    while await client.wait(0):
        taken.append(client.take(_message(snapshot)).sequence)
    return taken


async def test_a_new_client_is_given_a_snapshot_and_then_what_is_told() -> None:
    audience = _audience()
    with audience.joined(1, after=None, newest=5) as client:
        assert await _sequences(client, 5) == [5]
        audience.tell([_message(6), _message(7)])
        assert await _sequences(client) == [6, 7]


async def test_what_is_told_before_the_snapshot_is_taken_is_in_it() -> None:
    audience = _audience()
    with audience.joined(1, after=None, newest=5) as client:
        audience.tell([_message(6)])
        assert await _sequences(client, 6) == [6]


async def test_a_slow_client_is_given_one_fresh_snapshot_and_goes_on_from_there() -> None:
    audience = _audience(queue=3)
    with audience.joined(1, after=None, newest=0) as client:
        await _sequences(client, 0)
        audience.tell([_message(number) for number in range(1, 50)])
        assert await _sequences(client, 49) == [49]
        audience.tell([_message(50)])
        assert await _sequences(client) == [50]


async def test_a_returning_client_is_given_what_it_missed() -> None:
    audience = _audience()
    audience.tell([_message(number) for number in (1, 2, 3)])
    with audience.joined(1, after=1, newest=3) as client:
        assert await _sequences(client) == [2, 3]
    with audience.joined(1, after=3, newest=3) as client:
        assert await _sequences(client) == []
        assert client.sent == 3


@pytest.mark.parametrize("after", [1, 99])
async def test_a_client_that_was_away_too_long_or_is_ahead_of_us_begins_anew(after: int) -> None:
    audience = _audience(resume=3)
    audience.tell([_message(number) for number in range(1, 10)])
    with audience.joined(1, after=after, newest=9) as client:
        assert await _sequences(client, 9) == [9]


async def test_a_client_whose_token_is_revoked_is_woken_and_closed() -> None:
    audience = _audience()
    with audience.joined(7, after=0, newest=0) as client, audience.joined(8, after=0, newest=0) as other:
        waiting = asyncio.create_task(client.wait(5))
        await asyncio.sleep(0)
        audience.keep_only({8})
        assert await waiting
        assert (client.closed, other.closed, audience.full) == (True, False, True)
    assert (audience.tokens(), audience.full) == (set(), False)


@pytest.mark.parametrize("text", ["", "p", "p-", "p-x", "q-1", "p--1", "p-\u0661", "p-" + "9" * 30, "1"])
def test_an_id_of_another_stream_is_no_place_in_this_one(text: str) -> None:
    assert Numbering("p").sequence(text) is None


def test_an_id_names_its_process_and_its_place() -> None:
    assert Numbering("p-2").sequence(Numbering("p-2").id(17)) == 17
