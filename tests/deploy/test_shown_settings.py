"""Settings are shown whole, each with whether it is the default, and never a secret."""

import re
import tomllib
from pathlib import Path
from typing import Any

from alerts.settings import AlertSettings
from dashboards.city.shown import SettingShape, sections_of
from deploy.city import City
from deploy.settings import DEFAULT_CONFIG, read_settings
from deploy.shown_settings import shown_settings

CITY = """\
[city]
name = "Kota"
devices = "devices.csv"
time_zone = "Asia/Makassar"
[dashboards]
session_hours = 8.0
[dashboards.map]
tiles = "https://tiles.example/{z}/{x}/{y}.png?api_key=verysecret1"
[states.kinds.camera]
silent_intervals = 2
[[rules]]
name = "lonely"
kind = "silence"
for = "5m"
runbook_url = "https://budi:verysecret2@wiki.example/lonely"
[[channels]]
name = "ops"
kind = "webhook"
url = "https://ops.example/verysecret3"
[[channels]]
name = "sms"
kind = "sms_http"
url = "https://sms.example/?to={{ to }}&text={{ text | urlencode }}&k=verysecret4"
headers = { Authorization = "Bearer verysecret5" }
body = '{"key": "verysecret6", "text": {{ text | tojson }}}'
to = "+62811000"
[[policies]]
name = "night"
[[policies.steps]]
after_minutes = 10
notify = ["area", "channel:ops"]
[[routes]]
match = { severity = "critical" }
channels = ["ops"]
"""


def _shown(folder: Path) -> dict[str, dict[str, SettingShape]]:
    file = folder / "city.toml"
    file.write_text(CITY, "utf-8")
    sections = shown_settings(read_settings({"PANTAU_CONFIG": str(file)}))
    return {section.name: {item.key: item for item in section.items} for section in sections}


def test_every_key_is_shown_with_its_value_and_whether_that_is_the_default(tmp_path: Path) -> None:
    shown = _shown(tmp_path)
    told = {path: (item.value, item.default) for path, item in _paths(shown)}
    assert told["city.name"] == ("Kota", False)
    assert told["city.language"] == ("id", True)
    assert told["dashboards.session_hours"] == (8.0, False)
    assert told["dashboards.judged_fresh_seconds"] == (15.0, True)
    assert told["dashboards.zone_label"] == ("WITA", True)
    assert told["ingest.retention.rollup_1h_days"] == ("forever", True)
    assert told["dashboards.wall.scenes"] == (["network", "cameras", "environment", "incidents"], True)
    assert told["states.kinds.camera.silent_intervals"] == (2, False)
    assert told["rules.lonely"] == ({"kind": "silence", "for": "5m", "runbook_url": None}, False)
    assert told["policies.night"] == ({"steps": [{"after_minutes": 10, "notify": ["area", "channel:ops"]}]}, False)
    assert told["routes.1"] == ({"match": {"severity": "critical"}, "channels": ["ops"]}, False)
    assert not {"dashboards.language", "dashboards.time_zone"} & told.keys()


def test_of_what_may_be_secret_nothing_is_shown(tmp_path: Path) -> None:
    shown = _shown(tmp_path)
    every = str(shown)
    assert "verysecret" not in every
    assert "+62811000" not in every
    assert shown["channels"]["ops"].value == {"kind": "webhook", "keys": ["url"]}
    assert shown["channels"]["sms"].value == {"kind": "sms_http", "keys": ["body", "headers", "to", "url"]}
    tiles = shown["dashboards.map"]["tiles"]
    assert (tiles.value, tiles.secret, tiles.default) == (None, True, False)


def test_no_value_of_any_example_of_a_channel_is_shown() -> None:
    examples = re.findall(r"^#\[\[channels\]\]\n(?:#\S.*\n)+", DEFAULT_CONFIG.read_text("utf-8"), re.MULTILINE)
    text = "".join(line.removeprefix("#") for example in examples for line in example.splitlines(keepends=True))
    written = tomllib.loads(text)
    shown = str(list(sections_of(AlertSettings.model_validate(written))))
    values = [value for one in written["channels"] for key, value in one.items() if key not in {"name", "kind"}]
    assert [value for value in values if isinstance(value, str) and len(value) > 5 and value in shown] == []


def test_no_section_of_the_settings_is_forgotten() -> None:
    shown = {section.name.partition(".")[0] for section in sections_of(read_settings({}).city)}
    assert shown == set(City.model_fields)


def _paths(shown: dict[str, dict[str, SettingShape]]) -> list[tuple[str, Any]]:
    return [(f"{name}.{key}", item) for name, items in shown.items() for key, item in items.items()]
