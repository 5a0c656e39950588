"""Settings: city.toml for what the city is and wants, the environment for where and with which secret.

Read once, checked whole, refused loudly, then frozen.
"""

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from dashboards.settings import DashboardsSettings
from deploy.city import City, read_city
from deploy.city_text import CityText
from deploy.listen import Address
from deploy.refused import Faults, RefusedError
from deploy.server_urls import BROKER, DATABASE, OIDC_SECRET, SERVERS, secret, server_url
from devices.topics import Grammar

DEFAULT_CONFIG = Path(__file__).with_name("city.toml")
# What each process opens for its own health and metrics, where PANTAU_OPS_LISTEN does not say otherwise.
OPS_PORTS = {"ingest": 8081, "alerts": 8082, "video": 8083, "dashboards": 8085}
ORIGIN = re.compile(r"https?://[^/?#@\s]+/?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a process is told. `repr` never shows the two URLs, which hold passwords.

    `external_url` is where links in messages lead: whoever is paged is not on this machine.
    """

    city: City
    text: CityText = field(repr=False)
    database_url: str = field(repr=False)
    mqtt_url: str = field(repr=False)
    listen: Address
    external_url: str
    ops: Address | None = None
    data_dir: Path
    camera_credentials: Path | None = None
    oidc_secret: SecretStr

    def ops_address(self, process: str) -> Address:
        """Where a process has its own door: where PANTAU_OPS_LISTEN says, or at its usual port."""
        return self.ops or Address("127.0.0.1", OPS_PORTS[process], "PANTAU_OPS_LISTEN")

    @property
    def config(self) -> Path:
        """The city file: the first, beside which all other files of the city are."""
        return self.text.files[0]

    @property
    def grammar(self) -> Grammar:
        return Grammar(self.city.mqtt.root)

    @property
    def screens(self) -> DashboardsSettings:
        """[dashboards], in the language and the time zone of [city]; the zone's label is its own unless given."""
        city, screens = self.city.city, self.city.dashboards
        zone: dict[str, object] = {"language": city.language, "time_zone": city.time_zone}
        if "zone_label" not in screens.model_fields_set:
            zone["zone_label"] = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(city.time_zone)).tzname()
        return screens.model_copy(update=zone)

    @property
    def frames_dir(self) -> Path:
        return self.data_dir / "frames"

    @property
    def photos_dir(self) -> Path:
        return self.data_dir / "photos"

    @property
    def devices_file(self) -> Path:
        return self.config.parent / self.city.city.devices


def read_settings(environ: Mapping[str, str], needs: Collection[str] = ()) -> Settings:
    """Settings from the environment and the city file it names. Raises RefusedError with every fault found.

    `needs` names the SERVERS that this process cannot do without.
    """
    faults = Faults()
    credentials = environ.get("PANTAU_CAMERA_CREDENTIALS_FILE")
    servers: dict[str, str] = {}
    with faults:
        text = CityText.read(config_files(environ))
        city = read_city(text)
    for name in SERVERS:
        with faults:
            servers[name] = server_url(environ, name, needed=name in needs)
    with faults:
        listen = Address.parse(environ.get("PANTAU_LISTEN") or "127.0.0.1:8080", "PANTAU_LISTEN")
    with faults:
        external_url = _external_url(environ.get("PANTAU_EXTERNAL_URL", ""))
    with faults:
        ops = _optional_address(environ.get("PANTAU_OPS_LISTEN"), "PANTAU_OPS_LISTEN")
    with faults:
        client_secret = secret(environ, OIDC_SECRET)
    faults.refuse()
    return Settings(
        city=city,
        text=text,
        database_url=servers[DATABASE],
        mqtt_url=servers[BROKER],
        listen=listen,
        external_url=external_url or f"http://{listen}",
        ops=ops,
        data_dir=Path(environ.get("PANTAU_DATA_DIR") or "/var/lib/pantau"),
        camera_credentials=Path(credentials) if credentials else None,
        oidc_secret=SecretStr(client_secret),
    )


def config_files(environ: Mapping[str, str]) -> list[Path]:
    """The files that PANTAU_CONFIG names: one, or several with colons between them, as in PATH."""
    named = environ.get("PANTAU_CONFIG") or str(DEFAULT_CONFIG)
    return [Path(name) for name in named.split(os.pathsep) if name] or [DEFAULT_CONFIG]


def _external_url(text: str) -> str:
    """Without a slash at its end; "" where none is given. Raises RefusedError: the pages know no path before theirs."""
    if text and not ORIGIN.fullmatch(text):
        raise RefusedError([f"PANTAU_EXTERNAL_URL: {text!r} is not https://host, nor http://host:port"])
    return text.removesuffix("/")


def _optional_address(text: str | None, variable: str) -> Address | None:
    return Address.parse(text, variable) if text else None
