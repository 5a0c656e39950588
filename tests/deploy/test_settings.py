"""Settings are read whole, refused with every fault at once, and never tell a secret."""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent
from typing import get_args
from urllib.parse import urlsplit

import pytest

from alerts.notify.channels.kinds import Channel
from alerts.settings import AlertSettings
from dashboards.rights.provider.settings import ProviderSettings
from dashboards.routes import ROUTES
from dashboards.routing import Routes
from deploy.refused import RefusedError
from deploy.server_urls import BROKER, DATABASE, SERVERS
from deploy.settings import DEFAULT_CONFIG, read_settings
from tests.alerts.test_pages import page

DATABASE_URL = "postgresql://db.example/pantau"
MQTT_URL = "mqtt://broker.example"
CITY = """\
[city]
name = "Kota"
devices = "devices.csv"
areas = ["Utara", "Selatan"]
"""

WriteCity = Callable[[str], dict[str, str]]


@pytest.fixture
def write_city(tmp_path: Path) -> WriteCity:
    """Writes a city.toml and returns the environment that names it."""

    def write(text: str) -> dict[str, str]:
        file = tmp_path / "city.toml"
        file.write_text(dedent(text), "utf-8")
        return {"PANTAU_CONFIG": str(file)}

    return write


def faults_of(environ: Mapping[str, str]) -> list[str]:
    """Each fault without the folder of the city file."""
    with pytest.raises(RefusedError) as refused:
        read_settings({DATABASE: DATABASE_URL, BROKER: MQTT_URL, **environ}, needs=SERVERS)
    folder = f"{Path(environ.get('PANTAU_CONFIG', '').split(':')[0]).parent}/"
    return [fault.replace(folder, "") for fault in refused.value.faults]


def test_without_any_variable_the_city_is_oku_and_everything_stays_on_the_loopback() -> None:
    settings = read_settings({})
    assert settings.config == DEFAULT_CONFIG
    assert settings.city.city.name == "Ogan Komering Ulu"
    assert str(settings.listen) == "127.0.0.1:8080"
    assert str(settings.ops_address("ingest")) == "127.0.0.1:8081"
    assert settings.devices_file == DEFAULT_CONFIG.with_name("devices.csv")


def test_every_fault_of_file_and_environment_is_told_at_once_with_its_place(write_city: WriteCity) -> None:
    environ = write_city("""\
        [city]
        name = 5
        time_zone = "Asia/Atlantis"
        devices = "devices.csv"
        colour = "green"

        [ingest]
        workers = 99

        [kitchen]
        sink = true
        """)
    environ |= {DATABASE: "mysql://h/d", BROKER: "", "PANTAU_LISTEN": "8080", "PANTAU_OPS_LISTEN": "here:0"}
    assert faults_of(environ) == [
        "city.toml:2: city.name: Input should be a valid string",
        "city.toml:3: city.time_zone: no time zone is called Asia/Atlantis",
        "city.toml:5: city.colour: unknown key",
        "city.toml:8: ingest.workers: Input should be less than or equal to 16",
        "city.toml:10: kitchen: unknown key",
        "PANTAU_DATABASE_URL: is no postgresql://user:password@host:port/database",
        "PANTAU_MQTT_URL: not set; it, or a file named by PANTAU_MQTT_URL_FILE, says where the server is",
        "PANTAU_LISTEN: '8080' is not host:port",
        "PANTAU_OPS_LISTEN: 'here:0' is not host:port",
    ]


def test_a_fault_in_the_third_rule_is_told_with_its_own_line(write_city: WriteCity) -> None:
    environ = write_city(
        CITY
        + """\
[[rules]]
name = "one"
kind = "silence"

[[rules]]
name = "two"
kind = "threshold"
metric = "rx_power_dbm"
below = -27.0

[[rules]]
name = "three"
kind = "threshold"
below = "cold"
match = { kind = "toaster" }

[[rules]]
name = "four"
kind = "guess"
"""
    )
    kind, below, metric, guess = faults_of(environ)
    assert kind.startswith("city.toml:19: rules.2.match.kind: no kind of device is called toaster; known are ")
    assert metric == "city.toml:15: rules.2.metric: missing"
    assert below == "city.toml:18: rules.2.below: Input should be a valid number, unable to parse string as a number"
    assert guess.startswith("city.toml:21: rules.3: Input tag 'guess' found using 'kind'")


def test_a_fault_between_two_keys_is_told_where_one_of_them_stands(write_city: WriteCity) -> None:
    environ = write_city(CITY + '[[routes]]\nmatch = {}\nchannels = ["nobody"]\n')
    assert faults_of(environ) == ["city.toml:7: routes.0.channels: no channel is called nobody"]


@pytest.mark.parametrize("root", ["", "/pantau", "pantau/", "pantau/#", "+/pantau", "$SYS/pantau"])
def test_a_root_that_devices_could_not_publish_under_is_refused(write_city: WriteCity, root: str) -> None:
    environ = write_city(CITY + f'[mqtt]\nroot = "{root}"\n')
    assert faults_of(environ) == ["city.toml:6: mqtt.root: must be a topic without +, #, an outer / or a leading $"]


def test_a_rule_or_a_route_for_an_area_that_the_city_has_not_got_would_never_fit(write_city: WriteCity) -> None:
    environ = write_city(
        CITY
        + """\
[[rules]]
name = "silent"
kind = "silence"
match = { area = "Utara" }
[[rules]]
name = "silenter"
kind = "silence"
match = { area = "Uttara" }
[[channels]]
name = "ops"
kind = "webhook"
url = "https://ops.example/"
[[routes]]
match = { area = "Barat" }
channels = ["ops"]
"""
    )
    assert faults_of(environ) == [
        "city.toml:12: rules.1.match.area: not among [city] areas",
        "city.toml:18: routes.0.match.area: not among [city] areas",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"[city]\nname = \n", "city.toml:2: not TOML: Invalid value"),
        (b"[city\n", "city.toml:1: not TOML: Expected ']' at the end of a table declaration"),
        (b'[city]\nname = "\xff"\n', "city.toml:2: not UTF-8"),
        (b"a = " + b"[" * 5_000, "city.toml:1: not TOML: maximum recursion depth exceeded"),
    ],
)
def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path: Path, content: bytes, fault: str) -> None:
    (tmp_path / "city.toml").write_bytes(content)
    (first, *_) = faults_of({"PANTAU_CONFIG": str(tmp_path / "city.toml")})
    assert first.startswith(fault)


def test_a_file_that_cannot_be_read_is_told_by_its_name(tmp_path: Path) -> None:
    assert faults_of({"PANTAU_CONFIG": str(tmp_path / "none.toml")}) == [
        "none.toml: cannot be read: No such file or directory"
    ]
    assert faults_of({"PANTAU_CONFIG": str(tmp_path)}) == [f"{tmp_path.name}: cannot be read: Is a directory"]


def test_language_and_zone_of_the_screens_are_the_citys(write_city: WriteCity) -> None:
    settings = read_settings(write_city(CITY + 'language = "en"\ntime_zone = "Asia/Makassar"\n'))
    assert (settings.screens.language, settings.screens.time_zone) == ("en", "Asia/Makassar")
    assert settings.screens.zone_label == "WITA"
    own = read_settings(write_city(CITY + '[dashboards]\nzone_label = "waktu Baturaja"\ntitle = "Kota"\n'))
    assert (own.screens.zone_label, own.screens.title) == ("waktu Baturaja", "Kota")


def test_language_and_zone_cannot_be_said_twice(write_city: WriteCity) -> None:
    environ = write_city(CITY + '[dashboards]\ntime_zone = "Asia/Makassar"\nlanguage = "en"\n')
    assert faults_of(environ) == [
        "city.toml:7: dashboards.language: stands in [city]",
        "city.toml:6: dashboards.time_zone: stands in [city]",
    ]


def test_an_ipv6_address_is_written_in_brackets_in_links() -> None:
    assert read_settings({"PANTAU_LISTEN": "[::1]:8090"}).external_url == "http://[::1]:8090"


def test_links_lead_to_where_people_reach_us_and_every_page_is_one_that_is_there() -> None:
    settings = read_settings({"PANTAU_EXTERNAL_URL": "https://pantau.example/", "PANTAU_LISTEN": "0.0.0.0:8080"})
    assert settings.external_url == "https://pantau.example"
    assert Routes(ROUTES).find("GET", urlsplit(page().url).path).route is not None


@pytest.mark.parametrize("url", ["pantau.example", "ftp://pantau.example", "https://pantau.example/pantau", "https://"])
def test_an_address_that_links_could_not_begin_with_is_refused(url: str) -> None:
    (fault,) = faults_of({"PANTAU_EXTERNAL_URL": url, "PANTAU_CONFIG": str(DEFAULT_CONFIG)})
    assert fault == f"PANTAU_EXTERNAL_URL: {url!r} is not https://host, nor http://host:port"


def test_the_examples_of_channels_in_the_city_that_is_shipped_are_one_of_every_kind_and_sound() -> None:
    examples = re.findall(r"^#\[\[channels\]\]\n(?:#\S.*\n)+", DEFAULT_CONFIG.read_text("utf-8"), re.MULTILINE)
    text = "".join(line.removeprefix("#") for example in examples for line in example.splitlines(keepends=True))
    channels = AlertSettings.model_validate(tomllib.loads(text)).channels
    kinds = [get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(Channel)[0])]
    assert sorted(channel.kind for channel in channels) == sorted(kinds)


OIDC = """\
[dashboards.oidc]
issuer = "https://sso.example/realms/oku"
client_id = "pantau"
roles = { operator = "pantau-operator" }
"""


def test_the_provider_of_the_shipped_examples_is_sound() -> None:
    example = re.search(r"^#\[dashboards\.oidc\]\n(?:#\S.*\n)+", DEFAULT_CONFIG.read_text("utf-8"), re.MULTILINE)
    assert example
    section = tomllib.loads(example[0].replace("#", ""))["dashboards"]["oidc"]
    given = ProviderSettings.model_validate(section)
    assert given.model_dump().keys() == section.keys()
    assert ProviderSettings.model_validate({"issuer": given.issuer, "client_id": "p", "roles": {"wall": "x"}})


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"https": "http"}, ["city.toml:6: dashboards.oidc.issuer: must begin with https://; plain http only for"]),
        ({"sso.": "u:rahasia@sso."}, ["city.toml:6: dashboards.oidc.issuer: must be https://host/path, without login"]),
        ({"/oku": "/oku?x"}, ["city.toml:6: dashboards.oidc.issuer: must be https://host/path, without login, ?"]),
        ({"https://sso.example": "https://[::1"}, ["city.toml:6: dashboards.oidc.issuer: is no URL"]),
        ({"operator": "root"}, ["city.toml:8: dashboards.oidc.roles.root"]),
        ({'operator = "pantau-operator"': ""}, ["city.toml:8: dashboards.oidc.roles: "]),
        (
            {"client_id": "client"},
            ["city.toml:7: dashboards.oidc.client: unknown", "city.toml:5: dashboards.oidc.client_id"],
        ),
        ({"client_id": 'scope = "email"\nclient_id'}, ["city.toml:7: dashboards.oidc.scope: must have openid among"]),
    ],
)
def test_a_provider_that_could_not_be_asked_is_refused(
    write_city: WriteCity, changed: dict[str, str], faults: list[str]
) -> None:
    text = OIDC
    for before, after in changed.items():
        text = text.replace(before, after)
    found = faults_of(write_city(CITY + text))
    assert len(found) == len(faults), found
    for told, begins in zip(sorted(found), sorted(faults), strict=True):
        assert told.startswith(begins)
        assert "rahasia" not in told


def test_several_files_are_read_as_one_and_each_fault_is_told_with_its_own_file(write_city: WriteCity) -> None:
    environ = write_city(CITY.rstrip("\n"))
    more = Path(environ["PANTAU_CONFIG"]).with_name("channels.toml")
    environ["PANTAU_CONFIG"] += f":{more}"
    more.write_text('[[channels]]\nname = "ops"\nkind = "ntfy"\ntopic = "kota"\n\n[[routes]]\nchannels = ["ops"]\n')
    settings = read_settings(environ)
    assert [route.channels for route in settings.city.routes] == [("ops",)]
    assert settings.devices_file == more.with_name("devices.csv"), "beside the first"

    more.write_text('[[routes]]\nchannels = ["nobody"]\n')
    assert faults_of(environ) == ["channels.toml:2: routes.0.channels: no channel is called nobody"]
    more.write_text("\n[city]\n")
    assert faults_of(environ) == ["channels.toml:2: not TOML: Cannot declare ('city',) twice"]
    more.write_text('[[rules]]\nname = "x"')
    Path(environ["PANTAU_CONFIG"].split(":")[0]).write_text(CITY + "colour = 1\n")
    assert "city.toml:5: city.colour: unknown key" in faults_of(environ)
    more.unlink()
    assert faults_of(environ) == ["channels.toml: cannot be read: No such file or directory"]
