"""The system's Chromium, and pages in it that wait as long as tests do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from shutil import which
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Playwright, expect

from tests.patience import PATIENCE_MS

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Not even what the browser asks on its own account.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
# WebGL, which this machine's processor draws.
DRAWING = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
# No WebGL, not even by the processor, which Chromium falls back on without a graphics card.
FLAT = ("--disable-gpu", "--disable-3d-apis")

# What must come about comes on however busy a machine; Playwright's own 30 s are another promise.
expect.set_options(timeout=PATIENCE_MS)


async def launched(playwright: Playwright, *arguments: str) -> Browser:
    if which(CHROMIUM) is None:
        pytest.skip(f"no browser: {CHROMIUM} is missing (apt-get install chromium)")
    return await playwright.chromium.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, *arguments], timeout=PATIENCE_MS
    )


@asynccontextmanager
async def context_of(browser: Browser, **options: Any) -> AsyncIterator[BrowserContext]:  # noqa: ANN401  Playwright's
    """A browser that has never been anywhere."""
    async with await browser.new_context(**options) as context:
        context.set_default_timeout(PATIENCE_MS)
        yield context
