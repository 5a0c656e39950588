"""GET /api/v1/settings: what the city is and wants, as it was read at the start."""

from dashboards.centre import Here
from dashboards.city.shown import SettingsShape


async def settings(centre: Here) -> SettingsShape:
    """Every key of city.toml with its value and whether that is the default. Changed in the file alone; no secrets."""
    return SettingsShape(sections=list(centre.city.shown))
