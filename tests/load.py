"""A load that runs while something bad happens."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import count, islice

from simulators.city import City
from simulators.load import LoadReport, LoadTerms, publish
from simulators.telemetry import synthetic_devices, telemetry_stream
from tests.rig import Rig

DEVICES = synthetic_devices(50)
# An hour ago, so that no message of a load is ahead of its receipt, however many there are.
START_US = (int(time.time()) - 3_600) * 1_000_000

Messages = Iterator[tuple[str, bytes]]


def stream(messages: int) -> Messages:
    """So many messages of one reading each, the same at every call; no two of a series share a time."""
    return islice(telemetry_stream(DEVICES, City(seed=1), times_us=count(START_US, 1_000)), messages)


def after(already: int, messages: int) -> Messages:
    """So many messages more, after those of `stream(already)`."""
    return islice(stream(already + messages), already, None)


async def nothing() -> None:
    """A load that nothing disturbs."""


async def under_load(
    line: Rig, messages: Messages, *, rate: float, disturb: Callable[[], Awaitable[None]], client_id: str = "load"
) -> LoadReport:
    """Publish at `rate` per second while `disturb` does its worst; both to the end."""
    terms = LoadTerms(url=line.mosquitto.url, rate=rate, client_id=client_id, patience_seconds=180)
    async with asyncio.TaskGroup() as tasks:
        load = tasks.create_task(publish(messages, terms))
        tasks.create_task(disturb())
    return load.result()
