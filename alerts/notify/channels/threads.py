"""Threads of a channel's own, for what blocks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class InThread(Protocol):
    """Runs a function in one of the threads, and waits for it."""

    def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]: ...


@asynccontextmanager
async def threads(most: int) -> AsyncIterator[InThread]:
    """At most so many. In those that all share, names are looked up: a server that hangs would hold up every channel.

    What still waits for a thread when its caller gives up never runs; what runs then is left to its own time-outs.
    """
    pool = ThreadPoolExecutor(most, thread_name_prefix="channel")

    def run(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(pool, partial(function, *args, **kwargs))

    try:
        yield run
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
