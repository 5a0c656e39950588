"""The live stream as a real browser takes it: inflated event by event, and over a WebSocket of our own pages only."""

import pytest
from playwright.async_api import Browser, Route

from deploy.local.ports import free_port
from tests.browser.screen import Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEARD = """
async () => {
  const first = (source) => new Promise((heard, failed) => {
    source.onmessage = (event) => { heard(JSON.parse(event.data)); source.close(); };
    source.onerror = () => failed(new Error("refused"));
  });
  const answer = await fetch("/api/v1/events");
  await answer.body.cancel();
  return {
    coding: answer.headers.get("content-encoding"),
    event: await first(new EventSource("/api/v1/events")),
    frame: await first(new WebSocket("/api/v1/live?snapshot=columns")),
  };
}
"""
OPENED = """
(address) => new Promise((told) => {
  const socket = new WebSocket(address);
  socket.onopen = () => told(true);
  socket.onerror = () => told(false);
})
"""


async def test_a_browser_hears_the_same_over_both_channels_and_lets_no_other_page_listen(
    browser: Browser, url: str, screen: Screen
) -> None:
    await screen.log_in()
    await screen.page.wait_for_url(f"{url}/wall**")
    heard = await screen.page.evaluate(HEARD)
    assert heard["coding"] == "gzip"
    assert (heard["event"]["type"], heard["frame"]["type"]) == ("snapshot", "snapshot")
    assert heard["event"]["data"]["devices"] == heard["frame"]["data"]["columns"]["id"] == []

    # Another port of this host is the same site: the browser sends our Strict cookie along, and says whose page it is.
    elsewhere = f"http://127.0.0.1:{free_port()}/"

    async def page_of_others(route: Route) -> None:
        await route.fulfill(body="<title>lain</title>", content_type="text/html")

    page = await screen.page.context.new_page()
    await page.route(f"{elsewhere}**", page_of_others)
    address = f"{url.replace('http', 'ws', 1)}/api/v1/live"
    await page.goto(elsewhere)
    assert await page.evaluate(OPENED, address) is False
    await page.goto(f"{url}/login")
    assert await page.evaluate(OPENED, address) is True
