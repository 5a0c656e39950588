"""Of two alerts processes one judges; whatever becomes of it, the other does within 10 s, and nobody is told twice.

The one that stood by says nothing wrong when the first comes back, and the first nothing of what it had in mind.
"""

import asyncio
import os
import signal
from collections.abc import Callable

import pytest

from alerts.engine import ENGINE_LOCK
from tests.alerts.peers.bot_api import TOKEN, BotApi, bot_api
from tests.faults.pages import PATIENCE_SECONDS, Centre, centre
from tests.load import DEVICES
from tests.rig import MakeRig, Process

BEFORE, MEANWHILE, AFTER = (device.id for device in DEVICES[:3])
CUT = "select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and objid = %s"


def kill(_: Centre, process: Process) -> None:
    process.kill()


def stop(_: Centre, process: Process) -> None:
    """As a machine that is paused: its connections stand."""
    os.kill(process.pid, signal.SIGSTOP)


def cut(centre: Centre, _: Process) -> None:
    centre.line.ask(CUT, ENGINE_LOCK)


def begin_again(process: Process) -> None:
    process.start()


def go_on(process: Process) -> None:
    os.kill(process.pid, signal.SIGCONT)


def nothing(_: Process) -> None:
    """It came back by itself."""


@pytest.mark.parametrize(
    ("strike", "heal"),
    [
        pytest.param(kill, begin_again, id="killed"),
        pytest.param(stop, go_on, id="stopped", marks=pytest.mark.soak),
        pytest.param(cut, nothing, id="cut off", marks=pytest.mark.soak),
    ],
)
async def test_the_other_takes_over_without_a_double_or_a_gap(
    make_rig: MakeRig,
    strike: Callable[[Centre, Process], None],
    heal: Callable[[Process], None],
) -> None:
    async with centre(make_rig, processes=2) as city:
        first = await city.judge()
        await city.breach(BEFORE)
        await city.settled()  # a page whose receipt is not stored yet comes again, as it must
        strike(city, first)
        page = asyncio.create_task(city.breach(MEANWHILE))
        await told_of(city, MEANWHILE)
        await page
        heal(first)
        await city.judge()
        await city.breach(AFTER)
        await city.settled()
        came = city.check(seed=0)
        assert set(came.values()) == {1}


@pytest.mark.soak
async def test_what_it_judges_when_it_is_stopped_is_neither_lost_nor_told_twice(make_rig: MakeRig) -> None:
    """Its round may be half done: what it holds locked must not stop the other for ever."""
    async with centre(make_rig, processes=2) as city:
        first = await city.judge()
        pages = [asyncio.create_task(city.breach(device.id)) for device in DEVICES[:30]]
        await asyncio.sleep(0.3)
        stop(city, first)
        await asyncio.gather(*pages)
        go_on(first)
        await city.judge()
        await city.settled()
        city.check(seed=0)


BOT = """
[[channels]]
name = "bot"
kind = "telegram"
token = "{token}"
api = "{api}"
poll_seconds = 1
"""


async def test_only_the_one_that_judges_asks_the_bot_and_the_other_goes_on_asking(make_rig: MakeRig) -> None:
    async with (
        bot_api() as api,
        centre(make_rig, processes=2, more=BOT.format(token=TOKEN, api=api.url)) as city,
    ):
        first = await city.judge()
        await asked_by_one_only(api, times=3)
        kill(city, first)
        await api.types("41a")
        await api.heard()
        first.start()
        await city.judge()
        await asked_by_one_only(api, times=3)


async def asked_by_one_only(api: BotApi, times: int) -> None:
    """So many times in a row. Before, one that was relieved or killed while it asked may have met its successor."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        polls, conflicts = api.polls, api.conflicts
        while api.polls < polls + times:
            await asyncio.sleep(0.05)
            if api.conflicts > conflicts:
                polls, conflicts = api.polls, api.conflicts


async def told_of(city: Centre, device: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any(page[1] == device for page in city.told()):
            await asyncio.sleep(0.02)
