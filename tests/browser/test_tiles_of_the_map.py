"""Tiles under the map, of the city's own file or of somebody's server: that is asked for them, and nobody else is."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.city import oku_in
from tests.browser.conftest import answering
from tests.browser.pmtiles import Kind, archive, snow, water
from tests.browser.screen import Screen, screen_of
from tests.centre import Centre
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

WHOSE = "© Dinas PUPR OKU"
# What a stranger's script would try: true where something came of it.
FETCHES = "async (url) => fetch(url).then(() => true, () => false)"
RUNS = """(url) => new Promise((told) => {
  const script = document.createElement("script");
  Object.assign(script, { src: url, onload: () => told(true), onerror: () => told(false) });
  document.head.append(script);
})"""


@dataclass
class TileServer:
    """Of another origin. Every page may read its tiles; it notes what was asked, and which headers said by whom."""

    tile: bytes
    host: str = ""
    asked: list[str] = field(default_factory=list)
    headers: set[str] = field(default_factory=set)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request, *headers = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        self.asked.append(request.split()[1])
        self.headers |= {header.partition(":")[0].lower() for header in headers}
        said = f"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: {len(self.tile)}\r\n"
        writer.write(f"{said}Connection: close\r\n\r\n".encode() + self.tile)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def serving_tiles(tile: bytes) -> AsyncIterator[TileServer]:
    server = TileServer(tile)
    listening = await asyncio.start_server(server.answer, "127.0.0.1", 0)
    server.host = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with listening:
        yield server


def _city(folder: Path, tiles: str) -> dict[str, str]:
    return oku_in(folder, f'tiles = "{tiles}"\nattribution = "{WHOSE}"\n')


@asynccontextmanager
async def _wall(browser: Browser, environment: dict[str, str], *also: str) -> AsyncIterator[Screen]:
    async with answering(environment) as url, screen_of(browser, url, also=also) as screen:
        await screen.see(query="?next=/wall")
        await screen.page.keyboard.press("Space")  # or other scenes would have their turns, while the map is drawn
        yield screen


def _is_water(blue: float, green: float, red: float) -> bool:
    return blue > 40 and blue > 3 * red and green > red


def _is_snow(blue: float, green: float, red: float) -> bool:
    """Without colour and half dark: nothing on the map that is well or not looks so."""
    return max(blue, green, red) - min(blue, green, red) < 12 and 45 < green < 90


async def _lies_under(map_: Locator, is_it: Callable[[float, float, float], bool]) -> None:
    """What is seen at the edge, beyond the areas of the city, is a tile."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_it(*await _edge(map_)):
            await asyncio.sleep(0.2)
    await expect(map_.locator(".city-map-attribution")).to_have_text(WHOSE)


async def _edge(map_: Locator) -> list[float]:
    picture = cv2.imdecode(np.frombuffer(await map_.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    return [float(colour) for colour in np.median(picture[:, :40].reshape(-1, 3), axis=0)]


@pytest.mark.parametrize(
    ("kind", "tile", "is_it"), [(Kind.VECTOR, water(), _is_water), (Kind.RASTER, snow(), _is_snow)], ids=["mvt", "png"]
)
async def test_the_citys_own_file_lies_under_the_map_and_no_other_host_is_asked(
    town: Centre,
    account: None,
    environment: dict[str, str],
    drawing_browser: Browser,
    tmp_path: Path,
    kind: Kind,
    tile: bytes,
    is_it: Callable[[float, float, float], bool],
) -> None:
    (tmp_path / "oku.pmtiles").write_bytes(archive(tile, kind))
    await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
    async with _wall(drawing_browser, environment | _city(tmp_path, "oku.pmtiles")) as screen:
        await _lies_under(screen.page.locator(".city-map"), is_it)


@pytest.mark.parametrize(
    ("ending", "tile", "is_it"), [("mvt", water(), _is_water), ("png", snow(), _is_snow)], ids=["mvt", "png"]
)
async def test_somebodys_server_is_asked_for_tiles_alone_and_told_nothing(
    town: Centre,
    account: None,
    environment: dict[str, str],
    drawing_browser: Browser,
    tmp_path: Path,
    ending: str,
    tile: bytes,
    is_it: Callable[[float, float, float], bool],
) -> None:
    await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
    async with serving_tiles(tile) as theirs, serving_tiles(tile) as others:
        template = f"http://{theirs.host}/{{z}}/{{x}}/{{y}}.{ending}"
        told = environment | _city(tmp_path, template)
        async with _wall(drawing_browser, told, theirs.host, others.host) as screen:
            await _lies_under(screen.page.locator(".city-map"), is_it)
            assert all(re.fullmatch(rf"/\d+/\d+/\d+\.{ending}", path) for path in theirs.asked), theirs.asked
            assert theirs.headers.isdisjoint({"cookie", "authorization", "referer"})
            assert others.asked == []
            await _is_the_only_door(screen, theirs, others)


async def _is_the_only_door(screen: Screen, theirs: TileServer, others: TileServer) -> None:
    """The pages' policy lets tiles in and no script, and of another port of the same machine nothing."""
    page = screen.page
    assert await page.evaluate(FETCHES, f"http://{theirs.host}/0/0/0.png") is True
    assert await page.evaluate(RUNS, f"http://{theirs.host}/0/0/0.js") is False
    assert await page.evaluate(FETCHES, f"http://{others.host}/0/0/0.png") is False
    assert await page.evaluate(RUNS, f"http://{others.host}/0/0/0.js") is False
    assert others.asked == []
    assert "/0/0/0.js" not in theirs.asked
    screen.forgive("Content Security Policy", "Failed to fetch")
