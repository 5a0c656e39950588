"""What was written about a device over the years, on its page: never an end that is none."""

import pytest
from playwright.async_api import expect

from tests.browser.screen import Screen
from tests.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOTES = """
insert into note (key, device_id, at, who, text)
select md5(n::text)::uuid, 'fp-001', now() - n * interval '1 day', 'budi', 'catatan ' || n
from generate_series(1, 101) n
returning id
"""


async def test_a_page_says_that_older_notes_exist_until_all_are_read(centre: Centre, screen: Screen) -> None:
    await centre.has_devices(fp_001="fibre_point")
    await centre.rows(NOTES)
    await screen.log_in(query="?next=/desk/devices/fp-001")
    notes, older = screen.page.locator(".notes li"), screen.page.get_by_text("Masih ada catatan yang lebih lama.")
    await expect(notes).to_have_count(100)
    await expect(older).to_be_visible()
    await screen.page.locator("section[aria-labelledby=notes]").get_by_role("button", name="Muat lagi").click()
    await expect(notes).to_have_count(101)
    await expect(older).to_have_count(0)
