"""OKU's own settings, of a centre that is patient with this machine: nobody is given up because it stood still."""

from pathlib import Path
from shutil import copy

from deploy.settings import DEFAULT_CONFIG
from tests.patience import PATIENCE_SECONDS

SECTION, MAP = "[dashboards]\n", "[dashboards.map]\n"
# Nothing that is heard once in a test is old within it, nor is the engine, which shares this process with the test.
PATIENT = f"""\
blind_after_seconds = 3600
judged_fresh_seconds = 3600
database_wait_seconds = {PATIENCE_SECONDS}
"""


def oku_in(folder: Path, map_settings: str = "") -> dict[str, str]:
    """Write the settings into `folder`, and say where they are. `map_settings`: lines of [dashboards.map]."""
    folder.mkdir(exist_ok=True)
    for name in ("devices.csv", "areas.geojson"):
        copy(DEFAULT_CONFIG.with_name(name), folder)
    settings = DEFAULT_CONFIG.read_text()
    for section, lines in ((SECTION, PATIENT), (MAP, map_settings)):
        assert section in settings
        settings = settings.replace(section, section + lines)
    file = folder / "city.toml"
    file.write_text(settings)
    return {"PANTAU_CONFIG": str(file)}
