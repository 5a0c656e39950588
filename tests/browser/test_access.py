"""For whoever does not see a page as we do: no serious fault by axe, in both languages. (The phone's is beside it.)"""

import pytest
from playwright.async_api import expect

from tests.browser.axe import grave_faults
from tests.browser.screen import Screen
from tests.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_axe_finds_nothing_grave_on_any_page_in_either_language(town: Centre, screen: Screen) -> None:
    await town.publish("wl-01", '{"level_metres": 3.25}')
    await town.publish("fp-001", "offline", channel="status", retain=True)
    await screen.page.goto(f"{screen.url}/login")
    found = {"login": await grave_faults(screen.page)}
    await screen.see()
    await expect(screen.trouble("fp-001")).to_have_attribute("data-state", "down")
    for language in ("id", "en"):
        await screen.page.goto(f"{screen.url}/wall?lang={language}")
        await expect(screen.trouble("fp-001")).to_be_visible()
        for key in "1234":
            await screen.page.keyboard.press(key)
            await expect(screen.page.locator(".stage .loading")).to_have_count(0)
            found[f"wall {language} {key}"] = await grave_faults(screen.page)
        await screen.page.goto(f"{screen.url}/desk?lang={language}")
        await expect(screen.page.get_by_role("link", name="fp_001").first).to_be_visible()
        found[f"desk {language}"] = await grave_faults(screen.page)
    await screen.page.goto("about:blank")  # a page that is left behind would be told that it is a stranger
    await screen.page.context.clear_cookies()
    await screen.page.goto(f"{screen.url}/login?lang=en")
    found["login en"] = await grave_faults(screen.page)
    assert {page: faults for page, faults in found.items() if faults} == {}
