"""Breaches at known moments, one after the other, and how long each took to become a page in the receiver's hands."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

from tests.alerts.receiver import Receiver

COUNT = 200
DEVICES = tuple(f"breach-{number:03}" for number in range(COUNT))
METRIC = "rx_power_dbm"
BOUND, GOOD, BAD = -40.0, -20.0, -45.0
# In disorder, so that no period of a peer's clock or of ours is met always at the same place.
LEAST_SECONDS, MOST_SECONDS = 0.05, 0.35
PATIENCE_SECONDS = 30.0

Breach = Callable[[str], Awaitable[None]]


async def breach_all(breach: Breach, receiver: Receiver) -> Mapping[str, float]:
    """When each device began to breach, in epoch seconds; returns once every page has arrived."""
    dice, began = random.Random(1), {}
    for device in DEVICES:
        await asyncio.sleep(dice.uniform(LEAST_SECONDS, MOST_SECONDS))
        began[device] = time.time()
        await breach(device)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(first_arrivals(receiver)) < COUNT:
            await asyncio.sleep(0.05)
    return began


def first_arrivals(receiver: Receiver) -> dict[str, float]:
    """When the first page about each device arrived."""
    found: dict[str, float] = {}
    for at, body in zip(receiver.arrived_at, receiver.bodies, strict=True):
        for alert in body["alerts"]:
            found.setdefault(alert["labels"]["device"], at)
    return found


def between(began: Mapping[str, float], ended: Mapping[str, float]) -> list[float]:
    """Milliseconds of each device."""
    return [(ended[device] - began[device]) * 1e3 for device in DEVICES]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed."""
    return sorted(values)[max(0, -int(-share * len(values) // 1) - 1)]
