"""A mailbox for one: the newest item wins."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Newest(Generic[T]):
    """Holds at most one item. One that nobody took before the next came is dropped, and `superseded` is called.

    `put` and `get` belong to the event loop; another thread hands its `put` to `loop.call_soon_threadsafe`.
    """

    def __init__(self, superseded: Callable[[], object] = lambda: None) -> None:
        self._superseded = superseded
        self._item: T | None = None
        self._filled = asyncio.Event()

    def put(self, item: T) -> None:
        if self._item is not None:
            self._superseded()
        self._item = item
        self._filled.set()

    async def get(self) -> T:
        """The newest item, once there is one."""
        while self._item is None:
            self._filled.clear()
            await self._filled.wait()
        item, self._item = self._item, None
        return item
