"""All of OKU on the wall, as the simulated city plays it."""

import time
from random import Random

import msgspec
import pytest
from playwright.async_api import expect

from deploy.commands.devices import read_inventory
from deploy.database import connect
from deploy.settings import DEFAULT_CONFIG
from devices import registry
from devices.device import Device
from simulators.actor import spoken
from simulators.city import City
from tests.browser.screen import Screen
from tests.centre import Centre, ingesting

pytestmark = pytest.mark.asyncio(loop_scope="session")

DEVICES = DEFAULT_CONFIG.with_name("devices.csv")
# A phone, a tablet, two laptops, the wall.
WIDTHS = (390, 820, 1366, 1600, 1920)
PICTURE = {"frame_age_seconds": 0.4, "brightness_ratio": 0.43, "frames_per_second": 12.5}
NEVER_HEARD = frozenset({"fp-033"})
HEARD = "select count(distinct device_id) from latest join series on series.id = latest.series_id"
# As many lines as the list has, the worst of them.
SHOWN = 5
# The last two hang on the one before.
LOST = frozenset({"fp-044", "hs-07", "cam-04", "fp-108", "fp-109", "fp-110"})


async def _play(centre: Centre, devices: list[Device]) -> None:
    """One report of every device, the last of them at this moment."""
    city, began = City(seed=1), time.time() - 12
    for number, device in enumerate(Random(1).sample(devices, len(devices))):
        t = began + 12 * number / len(devices)
        values = spoken(device.kind, city.values(device, t)) if city.plays(device) else PICTURE
        payload = msgspec.json.encode({"ts": int(t * 1_000), "values": values})
        if device.id not in NEVER_HEARD:
            await centre.publish(device.id, payload)
        if device.id in LOST:
            await centre.publish(device.id, "offline", channel="status", retain=True)


async def test_all_of_oku_is_on_the_page_and_fits_screens_of_every_width(centre: Centre, screen: Screen) -> None:
    devices = list(read_inventory(DEVICES).devices)
    async with connect(centre.database_url) as connection:
        await registry.import_devices(connection, devices)
    async with ingesting(centre):
        await _play(centre, devices)
        await centre.until(HEARD, (len(devices) - len(NEVER_HEARD),))
        await _is_on_the_page(screen, devices)


async def _is_on_the_page(screen: Screen, devices: list[Device]) -> None:
    await screen.see()
    await expect(screen.page.locator("[data-tile=unwell] .count")).to_have_text(str(len(LOST | NEVER_HEARD)))
    await expect(screen.page.locator("#troubles li")).to_have_count(SHOWN)
    await expect(screen.page.locator("[data-tile=unwell] .more")).to_have_text(
        f"+ {len(LOST | NEVER_HEARD) - SHOWN} lainnya"
    )
    await expect(screen.page.locator("#troubles li", has_text="karena FP-108")).to_have_count(1)
    counts = {kind: sum(map(int, states.values())) for kind, states in (await screen.counts()).items()}
    assert {kind: count for kind, count in counts.items() if count > 10} == {
        "fibre_point": 190,
        "camera": 20,
        "hotspot": 15,
    }
    assert sum(counts.values()) == len(devices)
    assert [width for width in WIDTHS if not await screen.fits(width)] == []
    screen.forgive("503 (Service Unavailable)")  # nobody films here, and on a slow machine it is the cameras' turn
