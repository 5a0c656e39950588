"""Snapshots are made once for all who want one at about that time, and others are let in meanwhile."""

import asyncio

import pytest

from dashboards.live.bundle import Bundle
from dashboards.live.messages import Message
from dashboards.live.scene_json import Form
from dashboards.live.snapshots import Snapshots, in_turns


class Maker:
    """Makes one after the other, each when it is let; the place of each is its number."""

    def __init__(self) -> None:
        self.made = 0
        self.look = object()
        self.gate = asyncio.Event()
        self.gate.set()
        self.known_since = 0

    async def make(self, _form: Form) -> Bundle:
        self.made += 1
        number = self.made
        await self.gate.wait()
        return Bundle([Message(sequence=number, id=f"p-{number}", body=b"")])

    def snapshots(self) -> Snapshots:
        return Snapshots(self.make, look=lambda: self.look, can_follow=lambda sequence: sequence >= self.known_since)


async def test_all_who_want_one_are_given_the_same_until_there_was_a_look() -> None:
    maker = Maker()
    maker.known_since = 2  # or the first one, were it slow, would serve a while
    snapshots = maker.snapshots()
    maker.gate.clear()
    wanting = [asyncio.create_task(snapshots.get(Form.DEVICES)) for _ in range(3)]
    await asyncio.sleep(0)
    maker.look = object()
    wanting.append(asyncio.create_task(snapshots.get(Form.DEVICES)))
    await asyncio.sleep(0)
    maker.gate.set()
    assert {bundle.last for bundle in await asyncio.gather(*wanting)} == {1}
    assert (await snapshots.get(Form.DEVICES)).last == 2
    assert (await snapshots.get(Form.DEVICES)).last == 2
    assert (await snapshots.get(Form.COLUMNS)).last == 3


@pytest.mark.parametrize(("known_since", "expected"), [(0, 1), (2, 2)])
async def test_one_that_took_long_serves_a_while_where_what_follows_it_is_known(
    known_since: int, expected: int
) -> None:
    maker = Maker()
    snapshots = maker.snapshots()
    await snapshots.get(Form.DEVICES)
    snapshots._made[Form.DEVICES].took = 60.0
    maker.look, maker.known_since = object(), known_since
    assert (await snapshots.get(Form.DEVICES)).last == expected


async def test_who_hangs_up_does_not_spoil_it_for_the_others() -> None:
    maker = Maker()
    snapshots = maker.snapshots()
    maker.gate.clear()
    first, second = (asyncio.create_task(snapshots.get(Form.DEVICES)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    maker.gate.set()
    assert (await second).last == 1


async def test_pieces_are_made_in_turns_and_all_of_them() -> None:
    time, rests = 0.0, 0

    def clock() -> float:
        nonlocal time
        time += 0.001
        return time

    async def rest() -> None:
        nonlocal rests
        rests += 1

    pieces = [b"%d" % number for number in range(20)]
    assert await in_turns(pieces, clock, rest) == pieces
    assert rests == 5
