"""axe-core looks at a page: what somebody who cannot see it, or has no mouse, would stumble over."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "dashboards" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = frozenset({"serious", "critical"})


async def grave_faults(page: Page) -> list[str]:
    """The serious and the critical, each with the places where it is."""
    await page.evaluate(AXE.read_text())
    found: dict[str, Any] = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{fault['id']}: {fault['help']}: {[node['html'][:160] for node in fault['nodes'][:5]]}"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
    ]
