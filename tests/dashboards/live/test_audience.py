"""Clients of the live stream: bounded, and never shown an ever-older past."""

import asyncio
from collections.abc import Iterable

import pytest

from dashboards.live.audience import Audience, Client, Told
from dashboards.live.messages import Message, Numbering


def _messages(numbers: Iterable[int], body: bytes = b"") -> list[Message]:
    return [Message(sequence=number, id=f"p-{number}", body=body) for number in numbers]


def _audience(*, queue: int = 3, resume: int = 10, size: int = 1_000) -> Audience:
    return Audience(client_queue=queue, told=Told(messages_max=resume, bytes_max=size))


def _hears(audience: Audience, client: Client) -> list[int]:
    """Places of all that it is sent now; a snapshot, which it is then owed, is none."""
    heard = []
    while (bundle := audience.next(client)) is not None:
        heard += [message.sequence for message in bundle.messages]
        client.sequence = bundle.last
    return heard


async def test_a_new_client_is_owed_a_snapshot_and_hears_what_is_told_behind_it() -> None:
    audience = _audience()
    audience.tell(_messages([1, 2]))
    with audience.joined(1, "a", after=None) as client:
        assert client.owed_snapshot
        client.sequence, client.owed_snapshot = 2, False
        audience.tell(_messages([3, 4]))
        audience.tell(_messages([5]))
        assert _hears(audience, client) == [3, 4, 5]


async def test_what_is_told_together_is_the_same_bundle_for_all() -> None:
    audience = _audience()
    with audience.joined(1, "a", after=0) as one, audience.joined(1, "a", after=0) as other:
        audience.tell(_messages([1, 2]))
        bundle = audience.next(one)
        assert bundle is not None
        assert bundle is audience.next(other)
        assert bundle.plain is bundle.plain


async def test_a_slow_client_is_owed_a_fresh_snapshot_instead_of_all_it_missed() -> None:
    audience = _audience(queue=3, resume=100)
    with audience.joined(1, "a", after=0) as client:
        audience.tell(_messages(range(1, 4)))
        assert _hears(audience, client) == [1, 2, 3]
        audience.tell(_messages(range(4, 50)))
        assert _hears(audience, client) == []
        assert client.owed_snapshot


async def test_a_returning_client_is_given_what_it_missed_from_the_midst_of_a_bundle() -> None:
    audience = _audience()
    audience.tell(_messages([1, 2, 3]))
    audience.tell(_messages([4]))
    with audience.joined(1, "a", after=1) as client:
        assert not client.owed_snapshot
        assert _hears(audience, client) == [2, 3, 4]
    with audience.joined(1, "a", after=4) as client:
        assert (_hears(audience, client), client.owed_snapshot) == ([], False)


@pytest.mark.parametrize("after", [1, 99])
async def test_a_client_that_was_away_too_long_or_is_ahead_of_us_begins_anew(after: int) -> None:
    audience = _audience(resume=3, queue=100)
    for number in range(1, 10):
        audience.tell(_messages([number]))
    with audience.joined(1, "a", after=after) as client:
        assert client.owed_snapshot


async def test_what_is_kept_is_bounded_in_bytes_too_and_who_has_not_heard_it_begins_anew() -> None:
    audience = _audience(size=250, queue=100)
    for number in range(1, 5):
        audience.tell(_messages([number], body=b"x" * 100))
    assert (audience.can_follow(1), audience.can_follow(2)) == (False, True)
    audience.tell(_messages([5], body=b"x" * 300))
    assert (audience.can_follow(4), audience.can_follow(5)) == (False, True)


async def test_a_client_whose_token_is_revoked_is_woken_and_closed() -> None:
    audience = _audience()
    with audience.joined(7, "a", after=0) as client, audience.joined(8, "a", after=0) as other:
        resting = asyncio.create_task(client.rest())
        await asyncio.sleep(0)
        audience.keep_only({8})
        await resting
        assert (client.closed, other.closed, audience.holders()) == (True, False, ["a", "a"])
    assert (audience.tokens(), audience.holders()) == (set(), [])


@pytest.mark.parametrize("text", ["", "p", "p-", "p-x", "q-1", "p--1", "p-\u0661", "p-" + "9" * 30, "1"])
def test_an_id_of_another_stream_is_no_place_in_this_one(text: str) -> None:
    assert Numbering("p").sequence(text) is None


def test_an_id_names_its_process_and_its_place() -> None:
    assert Numbering("p-2").sequence(Numbering("p-2").id(17)) == 17
