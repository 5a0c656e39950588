import asyncio

from prometheus_client import CollectorRegistry, Counter

from video.newest import Newest


def counter() -> Counter:
    return Counter("superseded", "Dropped", registry=CollectorRegistry())


def value(dropped: Counter) -> float:
    (family,) = dropped.collect()
    return float(family.samples[0].value)


async def test_the_newest_item_wins_and_the_others_are_counted() -> None:
    dropped = counter()
    newest: Newest[int] = Newest(dropped)
    for item in (1, 2, 3):
        newest.put(item)
    assert await newest.get() == 3
    assert value(dropped) == 2


async def test_an_item_is_taken_once() -> None:
    newest: Newest[int] = Newest(counter())
    newest.put(1)
    await newest.get()
    waiting = asyncio.ensure_future(newest.get())
    await asyncio.sleep(0)
    assert not waiting.done()
    newest.put(2)
    assert await waiting == 2
