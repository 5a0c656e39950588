"""What is dear to make is made once for all who want it at the same time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from dashboards.cameras.sharing import Busy, Shared
from tests.dashboards.city import Clock

Make = Callable[[], Coroutine[Any, Any, int]]


class Kitchen:
    """Makes one after the other, each when it is let, and counts them."""

    def __init__(self) -> None:
        self.made = 0
        self.at_once = 0
        self.gate = asyncio.Event()

    async def make(self) -> int:
        self.at_once += 1
        assert self.at_once == 1
        await self.gate.wait()
        self.at_once -= 1
        self.made += 1
        return self.made


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


@pytest.fixture
def shared(clock: Clock) -> Shared[str, int]:
    return Shared(seconds=1.0, kept_max=2, now=clock.now)


async def test_all_who_ask_at_the_same_time_are_given_the_same(
    shared: Shared[str, int], kitchen: Kitchen, clock: Clock
) -> None:
    asking = [asyncio.create_task(shared.get("a", kitchen.make)) for _ in range(5)]
    await asyncio.sleep(0)
    clock.pass_seconds(10)
    asking.append(asyncio.create_task(shared.get("a", kitchen.make)))
    await asyncio.sleep(0)
    kitchen.gate.set()
    assert await asyncio.gather(*asking) == [1] * 6


async def test_a_result_serves_for_its_time_and_not_when_the_clock_goes_back(
    shared: Shared[str, int], kitchen: Kitchen, clock: Clock
) -> None:
    kitchen.gate.set()
    assert await shared.get("a", kitchen.make) == 1
    clock.pass_seconds(0.9)
    assert await shared.get("a", kitchen.make) == 1
    clock.pass_seconds(0.1)
    assert await shared.get("a", kitchen.make) == 2
    clock.pass_seconds(-1)
    assert await shared.get("a", kitchen.make) == 3


async def test_who_hangs_up_does_not_spoil_it_for_the_others(shared: Shared[str, int], kitchen: Kitchen) -> None:
    first, second = (asyncio.create_task(shared.get("a", kitchen.make)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    kitchen.gate.set()
    assert await second == 1
    assert first.cancelled()


async def test_a_failure_is_told_to_all_who_waited_and_tried_again_for_the_next(
    shared: Shared[str, int], kitchen: Kitchen
) -> None:
    async def fail() -> int:
        raise OSError

    failures = await asyncio.gather(*(shared.get("a", fail) for _ in range(2)), return_exceptions=True)
    assert [type(failure) for failure in failures] == [OSError, OSError]
    kitchen.gate.set()
    assert await shared.get("a", kitchen.make) == 1


async def test_the_oldest_makes_room_but_never_one_still_being_made(shared: Shared[str, int], kitchen: Kitchen) -> None:
    asking = [asyncio.create_task(shared.get(key, kitchen.make)) for key in "ab"]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await shared.get("c", kitchen.make)
    kitchen.gate.set()
    assert await asyncio.gather(*asking) == [1, 2]
    assert await shared.get("c", kitchen.make) == 3
    assert await shared.get("b", kitchen.make) == 2
    assert await shared.get("a", kitchen.make) == 4
