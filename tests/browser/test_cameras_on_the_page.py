"""A camera on the wall: what is wrong with its picture, by name; and a placard where there is no picture of now."""

import pytest
from playwright.async_api import expect

from tests.browser.screen import Screen
from tests.centre import Centre, ingesting

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_is_wrong_with_a_picture_is_named_and_goes_when_it_is_right(centre: Centre, screen: Screen) -> None:
    await centre.has_devices(cam_01="camera")
    async with ingesting(centre):
        await centre.publish("cam-01", '{"brightness_ratio": 0.4, "covered": false, "moved": true}')
        await centre.until("select count(*) from latest", (3,))
        await screen.see()
        await screen.page.keyboard.press("2")
        await expect(screen.camera("cam-01").locator(".faults")).to_have_text("bergeser")
        await expect(screen.camera("cam-01").locator(".placard")).to_have_text("BELUM ADA GAMBAR")
        assert await screen.is_hatched(screen.camera("cam-01")) is True
        await centre.publish("cam-01", '{"brightness_ratio": 0.4, "covered": false, "moved": false}')
        await expect(screen.camera("cam-01").locator(".faults")).to_have_count(0)
    screen.forgive("503 (Service Unavailable)")
