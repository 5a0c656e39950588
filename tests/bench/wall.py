"""The wall in a browser: how soon it is there, what it weighs on the wire, what it costs a small PC, what it holds."""

import asyncio
import os
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from dashboards.rights import tokens
from dashboards.roles import Role
from deploy.clocks import utc_now
from deploy.database import connect
from deploy.local.ports import free_port
from tests.bench.figures import Figure, figure
from tests.bench.line import Load, fresh_line, publishing
from tests.browser.chromium import DRAWING, launched
from tests.rig import Process, Rig, cpu_seconds, until

DEVICES = 227
STEADY_SECONDS = 20
BUSY = Load(messages=1_000 * (STEADY_SECONDS + 5), rate=1_000, devices=DEVICES)
# The map's library; all else in /assets is ours.
LIBRARY = ("drawing-", "maplibre-")
WAYS = {"a list for a map": ("--disable-gpu", "--disable-3d-apis"), "the processor drawing the map": DRAWING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Seconds, bytes on the wire, shares of a core, bytes of the heap after all garbage was collected."""

    first_picture: float
    ours: int
    library: int
    at_rest: float
    busy: float
    heap: int


def figures(runs: int) -> list[Figure]:
    with fresh_line(DEVICES) as line, _served(line) as url:
        found = {way: [asyncio.run(_look(line, url, flags)) for _ in range(runs)] for way, flags in WAYS.items()}
    return [one for way, seen in found.items() for one in _figures(way, seen)]


def _figures(way: str, seen: Sequence[Seen]) -> list[Figure]:
    name = f"the wall, {way}"
    return [
        figure(f"{name}: first picture, nothing cached", "s", [one.first_picture for one in seen], most=2),
        figure(f"{name}: ours on the wire", "kB", [one.ours / 1e3 for one in seen], most=150),
        figure(f"{name}: with the library", "kB", [(one.ours + one.library) / 1e3 for one in seen], most=650),
        figure(f"{name}: browser's CPU at rest", "cores", [one.at_rest for one in seen]),
        figure(f"{name}: browser's CPU at 1,000 messages/s", "cores", [one.busy for one in seen]),
        figure(f"{name}: heap after 1,000 messages/s", "MB", [one.heap / 1e6 for one in seen]),
    ]


@contextmanager
def _served(line: Rig) -> Iterator[str]:
    """The address, with the token of a screen without hands."""
    address = f"127.0.0.1:{free_port()}"
    environment = {**line.workers[0].environment, "PANTAU_LISTEN": address}
    processes = [Process(("dashboards",), environment), Process(("alerts",), environment)]
    try:
        for process in processes:
            process.start()
        until(lambda: all(process.is_ready() for process in processes), "the wall's server and the engine are ready")
        yield f"http://{address}/wall?token={asyncio.run(_token(line.postgres.url))}"
    finally:
        for process in processes:
            process.kill()


async def _token(database_url: str) -> str:
    async with connect(database_url) as connection:
        return await tokens.create(connection, "bench", Role.WALL, now=utc_now(), token_bytes=secrets.token_bytes)


async def _look(line: Rig, url: str, flags: Sequence[str]) -> Seen:
    async with _browser(flags) as browser:
        page = await browser.new_page(viewport={"width": 1_920, "height": 1_080})
        first_picture, wire = await _first_picture(page, url)
        at_rest = await _cores(STEADY_SECONDS)
        with publishing(line.mosquitto.url, BUSY):
            busy = await _cores(STEADY_SECONDS)
        return Seen(
            first_picture=first_picture,
            ours=wire["ours"],
            library=wire["library"],
            at_rest=at_rest,
            busy=busy,
            heap=await _heap(page),
        )


@asynccontextmanager
async def _browser(flags: Sequence[str]) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright, await launched(playwright, *flags) as browser:
        yield browser


async def _first_picture(page: Page, url: str) -> tuple[float, Counter[str]]:
    """Until every kind has its count; and the bytes of all that came until the page was at rest."""
    session, wire, urls = await page.context.new_cdp_session(page), Counter[str](), dict[str, str]()
    await session.send("Network.enable")
    session.on("Network.responseReceived", lambda event: urls.update({event["requestId"]: event["response"]["url"]}))
    session.on(
        "Network.loadingFinished",
        lambda event: wire.update({_sort(urls.get(event["requestId"], "")): int(event["encodedDataLength"])}),
    )
    began = time.perf_counter()
    await page.goto(url, wait_until="commit")
    await page.locator("#counts [data-count]").first.wait_for()
    took = time.perf_counter() - began
    await asyncio.sleep(5)
    return took, wire


def _sort(url: str) -> str:
    name = url.rpartition("/")[2]
    return "library" if name.startswith(LIBRARY) else "ours" if "/assets/" in url else "answers"


async def _cores(seconds: float) -> float:
    """How much of a core the whole browser takes."""
    pid = _browser_pid()
    before, began = cpu_seconds(pid), time.monotonic()
    await asyncio.sleep(seconds)
    return (cpu_seconds(pid) - before) / (time.monotonic() - began)


def _browser_pid() -> int:
    """Ours, below Playwright's driver."""
    below = [os.getpid()]
    while below:
        pid = below.pop()
        if "--remote-debugging-pipe" in Path(f"/proc/{pid}/cmdline").read_text():
            return pid
        for task in Path(f"/proc/{pid}/task").iterdir():
            below += map(int, (task / "children").read_text().split())
    raise LookupError("there is no browser")


async def _heap(page: Page) -> int:
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    return int((await session.send("Runtime.getHeapUsage"))["usedSize"])
