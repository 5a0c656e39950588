"""Alerts and ingest are killed at random instants while devices fail and recover: what the pages say stays true."""

import asyncio
import logging
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable

import pytest

from tests.faults.pages import PATIENCE_SECONDS, Centre, centre, keep_breaching
from tests.load import DEVICES
from tests.rig import MakeRig, Process

BREACHING = [device.id for device in DEVICES[:6]]
# A new seed each time, unless the environment gives the one to repeat.
SEED = int(os.environ.get("PANTAU_TEST_SEED") or time.time_ns() % 2**32)
INGEST_SHARE = 0.2
MOMENT_SECONDS = 5.0

log = logging.getLogger(__name__)


async def at_any_time(centre: Centre, dice: random.Random) -> None:
    """While it starts, too."""
    await asyncio.sleep(dice.uniform(0, 2.5))


async def after_a_word(centre: Centre, dice: random.Random) -> None:
    """On its way from a device through ingest and engine."""
    centre.said.clear()
    await centre.said.wait()
    await asyncio.sleep(dice.uniform(0, 0.4))


async def after_a_page(centre: Centre, dice: random.Random) -> None:
    """While the receiver thinks, or just after it has answered."""
    came = len(centre.receiver.bodies)
    while len(centre.receiver.bodies) == came:
        await asyncio.sleep(0.001)
    await asyncio.sleep(dice.uniform(0, 0.06))


MOMENTS: tuple[Callable[[Centre, random.Random], Awaitable[None]], ...] = (at_any_time, after_a_word, after_a_page)


async def killed(process: Process, dice: random.Random) -> None:
    process.kill()
    await asyncio.sleep(dice.choice([0, dice.uniform(0, 0.5)]))
    process.start()


async def stopped(process: Process, dice: random.Random) -> None:
    """As a machine that is paused; longer, or shorter, than another process or a lease waits."""
    os.kill(process.pid, signal.SIGSTOP)
    await asyncio.sleep(dice.choice([dice.uniform(0, 2), dice.uniform(5, 12), dice.uniform(19, 25)]))
    os.kill(process.pid, signal.SIGCONT)


async def strike_again_and_again(centre: Centre, dice: random.Random, times: int, *, also_stop: bool) -> None:
    (ingest,) = centre.line.workers
    for _ in range(times):
        moment = dice.choice(MOMENTS)
        if moment is not at_any_time:
            await ready(centre)
        try:
            async with asyncio.timeout(MOMENT_SECONDS):
                await moment(centre, dice)
        except TimeoutError:
            log.info("nothing came within %g s: at once, then", MOMENT_SECONDS)
        if dice.random() < INGEST_SHARE:
            await killed(ingest, dice)
        elif also_stop and dice.random() < 0.3:
            await stopped(dice.choice(centre.alerts), dice)
        else:
            await killed(dice.choice(centre.alerts), dice)


async def ready(centre: Centre) -> None:
    processes = [*centre.line.workers, *centre.alerts]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not all([await asyncio.to_thread(process.is_ready) for process in processes]):
            await asyncio.sleep(0.05)


async def story(make_rig: MakeRig, strikes: int, *, processes: int, also_stop: bool) -> None:
    log.warning("PANTAU_TEST_SEED=%d tells this story again", SEED)
    dice, over = random.Random(SEED), asyncio.Event()
    async with centre(make_rig, processes=processes) as city:
        async with asyncio.TaskGroup() as devices:
            for device in BREACHING:
                devices.create_task(keep_breaching(city, device, random.Random(dice.random()), over))
            await strike_again_and_again(city, dice, strikes, also_stop=also_stop)
            over.set()
        await city.settled()
        came = city.check(SEED)
        log.warning("%d strikes, %d messages, %d of them twice", strikes, len(came), came.total() - len(came))


async def test_seven_kills(make_rig: MakeRig) -> None:
    await story(make_rig, 7, processes=1, also_stop=False)


@pytest.mark.soak
async def test_two_hundred_kills(make_rig: MakeRig) -> None:
    await story(make_rig, 200, processes=1, also_stop=False)


@pytest.mark.soak
async def test_a_hundred_kills_and_pauses_of_two_alerts_processes(make_rig: MakeRig) -> None:
    await story(make_rig, 100, processes=2, also_stop=True)
