import asyncio
from itertools import count

from video.newest import Newest


async def test_the_newest_item_wins_and_the_others_are_counted() -> None:
    dropped = count()
    newest: Newest[int] = Newest(lambda: next(dropped))
    for item in (1, 2, 3):
        newest.put(item)
    assert await newest.get() == 3
    assert next(dropped) == 2


async def test_an_item_is_taken_once() -> None:
    newest: Newest[int] = Newest()
    newest.put(1)
    await newest.get()
    waiting = asyncio.ensure_future(newest.get())
    await asyncio.sleep(0)
    assert not waiting.done()
    newest.put(2)
    assert await waiting == 2
