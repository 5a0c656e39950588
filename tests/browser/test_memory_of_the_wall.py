"""A wall stands for months: what a thousand updates leave behind in its page is nothing."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.async_api import Browser, CDPSession, expect

from devices.device import Device
from simulators.city import City
from tests.browser.oku import oku, playing_oku, report
from tests.browser.screen import Screen, screen_of
from tests.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

UPDATES = 1_000
# What a browser itself keeps of so many events is some hundred kB. A list that is never let go would be ten times that.
HEAP_GROWTH_BYTES, NODES_GROWTH = 1_000_000, 100


async def test_a_thousand_updates_leave_nothing_in_the_page(
    centre: Centre, browser: Browser, url: str, account: None, environment: Mapping[str, str]
) -> None:
    devices, mute = oku(), set[str]()
    async with (
        playing_oku(centre, Path(environment["PANTAU_DATA_DIR"]), mute=mute),
        screen_of(browser, url) as screen,
    ):
        await screen.see()
        await screen.page.keyboard.press("Space")  # the scenes would turn meanwhile
        await screen.until_counts({"fibre_point": {"up": "190"}})
        session = await screen.page.context.new_cdp_session(screen.page)
        told: Counter[str] = Counter()
        await session.send("Network.enable")
        session.on("Network.eventSourceMessageReceived", lambda _: told.update(["messages"]))
        await _comes_and_goes(centre, screen, devices, mute)  # whatever is made once is made now
        bytes_before, nodes_before = await _held(session)
        told.clear()
        async with screen.never_reloaded():
            while told["messages"] < UPDATES:
                await _comes_and_goes(centre, screen, devices, mute)
        bytes_after, nodes_after = await _held(session)
        assert bytes_after - bytes_before < HEAP_GROWTH_BYTES, (bytes_before, bytes_after, told)
        assert nodes_after - nodes_before < NODES_GROWTH, (nodes_before, nodes_after)


async def _comes_and_goes(centre: Centre, screen: Screen, devices: list[Device], mute: set[str]) -> None:
    """Readings of all, and four that go and come back: lines appear on the wall and vanish again."""
    lost = [device for device in devices if device.kind == "fibre_point"][-4:]
    mute |= {device.id for device in lost}
    for device in mute:
        await centre.publish(device, "offline", channel="status", retain=True)
    await report(centre, City(seed=1), devices, mute)
    await expect(screen.page.locator("#troubles li")).to_have_count(len(lost))
    mute.clear()
    for device in lost:
        await centre.publish(device.id, "online", channel="status", retain=True)
    await report(centre, City(seed=1), lost)
    await expect(screen.page.locator("#troubles")).to_have_count(0)


async def _held(session: CDPSession) -> tuple[int, int]:
    """Bytes of the heap, and nodes, after all that is garbage was collected."""
    for _ in range(2):
        await session.send("HeapProfiler.collectGarbage")
    heap, counters = await session.send("Runtime.getHeapUsage"), await session.send("Memory.getDOMCounters")
    return int(heap["usedSize"]), int(counters["nodes"])
