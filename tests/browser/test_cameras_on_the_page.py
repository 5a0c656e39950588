"""A camera's line on the first page: what is wrong with its picture, by name."""

import pytest
from playwright.async_api import expect

from tests.browser.screen import Screen
from tests.centre import Centre, ingesting

pytestmark = pytest.mark.asyncio(loop_scope="session")
COLUMN = "gangguan gambar"


async def test_what_is_wrong_with_a_picture_is_named_and_goes_when_it_is_right(centre: Centre, screen: Screen) -> None:
    await centre.has_devices(cam_01="camera")
    async with ingesting(centre):
        await centre.publish("cam-01", '{"brightness_ratio": 0.4, "covered": false, "moved": true}')
        await centre.until("select count(*) from latest", (3,))
        await screen.log_in()
        await expect(screen.cell("cam-01", COLUMN)).to_have_text("bergeser")
        await expect(screen.cell("cam-01", "kecerahan")).to_have_text("40,0 %")
        await centre.publish("cam-01", '{"brightness_ratio": 0.4, "covered": false, "moved": false}')
        await expect(screen.cell("cam-01", COLUMN)).to_have_text("tidak ada")
