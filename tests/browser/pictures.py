"""Pictures of the screens: artefacts of every run; with PANTAU_KEEP_SCREENSHOTS=1 the README's own, made anew."""

import os
from pathlib import Path

from playwright.async_api import Page

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / ".local" / "artefacts"
# What README.md shows, by the name that a test gives it.
SHOWN = {
    "wall-1080p.png": ROOT / "dashboards" / "wall",
    "wall-4k.png": ROOT / "dashboards" / "wall",
}
FULL_HD, UHD = {"width": 1_920, "height": 1_080}, {"width": 3_840, "height": 2_160}


async def keep(page: Page, name: str) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    picture = await page.screenshot(path=ARTEFACTS / name)
    if name in SHOWN and os.environ.get("PANTAU_KEEP_SCREENSHOTS") == "1":
        (SHOWN[name] / name).write_bytes(picture)
