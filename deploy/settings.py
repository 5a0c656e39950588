"""Settings: city.toml for what the city is and wants, the environment for where and with which secret.

Read once, checked whole, refused loudly, then frozen. Each room declares its own section in the file that uses it.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from alerts.settings import AlertSettings
from dashboards.settings import DashboardsSettings
from deploy.listen import Address
from deploy.toml_lines import line_of
from devices.topics import ROOT, Grammar
from ingest.worker import IngestSettings
from video.settings import VideoSettings

DEFAULT_CONFIG = Path(__file__).with_name("city.toml")
# What each process opens for its own health and metrics, where PANTAU_OPS_LISTEN does not say otherwise.
OPS_PORTS = {"ingest": 8081, "alerts": 8082, "video": 8083, "dashboards": 8085}
# Variables that hold passwords, with the schemes each may have.
SECRETS = {"PANTAU_DATABASE_URL": ("postgresql", "postgres"), "PANTAU_MQTT_URL": ("mqtt", "mqtts")}


class RefusedError(Exception):
    """Settings that cannot be: one line per fault, each saying where and why."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"no time zone is called {name}")
    return name


class CitySection(BaseModel, frozen=True, extra="forbid"):
    """[city]: whose command centre this is."""

    name: str
    regency: str = ""
    time_zone: Annotated[str, AfterValidator(_zone)] = "Asia/Jakarta"
    language: Literal["id", "en"] = "id"
    areas: tuple[str, ...] = ()
    devices: str


class MqttSection(BaseModel, frozen=True, extra="forbid"):
    """[mqtt]: the root of our topics."""

    root: Annotated[str, Field(pattern=r"^[^#+/$][^#+]*[^#+/]$")] = ROOT


class City(AlertSettings):
    """The whole of city.toml."""

    city: CitySection
    mqtt: MqttSection = MqttSection()
    ingest: IngestSettings = IngestSettings()
    video: VideoSettings = VideoSettings()
    dashboards: DashboardsSettings = DashboardsSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a process is told. `repr` never shows the two URLs, which hold passwords."""

    city: City
    config: Path
    database_url: str = field(repr=False)
    mqtt_url: str = field(repr=False)
    listen: Address
    ops: Address | None = None
    data_dir: Path
    camera_credentials: Path | None = None

    def ops_address(self, process: str) -> Address:
        """Where a process has its own door: where PANTAU_OPS_LISTEN says, or at its usual port."""
        return self.ops or Address("127.0.0.1", OPS_PORTS[process], "PANTAU_OPS_LISTEN")

    @property
    def grammar(self) -> Grammar:
        return Grammar(self.city.mqtt.root)

    @property
    def external_url(self) -> str:
        """Where links in messages lead."""
        return f"http://{self.listen.host}:{self.listen.port}"

    @property
    def frames_dir(self) -> Path:
        return self.data_dir / "frames"

    @property
    def devices_file(self) -> Path:
        return self.config.parent / self.city.city.devices


def read_settings(environ: Mapping[str, str], needs: Collection[str] = ()) -> Settings:
    """Settings from the environment and the city file it names. Raises RefusedError with every fault found.

    `needs` names the variables of SECRETS that this process cannot do without.
    """
    faults = Faults()
    config = Path(environ.get("PANTAU_CONFIG") or DEFAULT_CONFIG)
    credentials = environ.get("PANTAU_CAMERA_CREDENTIALS_FILE")
    with faults:
        city = read_city(config)
    with faults:
        secrets = {name: _secret(environ, name, needed=name in needs) for name in SECRETS}
    with faults:
        listen = Address.parse(environ.get("PANTAU_LISTEN") or "127.0.0.1:8080", "PANTAU_LISTEN")
    with faults:
        ops = _optional_address(environ.get("PANTAU_OPS_LISTEN"), "PANTAU_OPS_LISTEN")
    faults.refuse()
    return Settings(
        city=city,
        config=config,
        database_url=secrets["PANTAU_DATABASE_URL"],
        mqtt_url=secrets["PANTAU_MQTT_URL"],
        listen=listen,
        ops=ops,
        data_dir=Path(environ.get("PANTAU_DATA_DIR") or "/var/lib/pantau"),
        camera_credentials=Path(credentials) if credentials else None,
    )


def read_city(path: Path) -> City:
    """The city file. Raises RefusedError with a `file:line: key: reason` for each fault."""
    try:
        text = path.read_text("utf-8")
        return City.model_validate(tomllib.loads(text))
    except (OSError, UnicodeDecodeError) as fault:
        raise RefusedError([f"{path}: cannot be read: {fault}"]) from fault
    except tomllib.TOMLDecodeError as fault:
        raise RefusedError([f"{path}: {fault}"]) from fault
    except ValidationError as invalid:
        raise RefusedError(
            [_city_fault(path, text, fault) for fault in invalid.errors(include_input=False)]
        ) from invalid


class Faults:
    """Collects what is refused, block by block, so that one start shows every fault."""

    def __init__(self) -> None:
        self._faults: list[str] = []

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> bool:
        if isinstance(fault, RefusedError):
            self._faults.extend(fault.faults)
        elif isinstance(fault, ValueError):
            self._faults.append(str(fault))
        return isinstance(fault, RefusedError | ValueError)

    def refuse(self) -> None:
        """Raise RefusedError where there was any fault."""
        if self._faults:
            raise RefusedError(self._faults)


def _city_fault(path: Path, text: str, fault: ErrorDetails) -> str:
    key = ".".join(str(part) for part in fault["loc"])
    return f"{path}:{line_of(text, fault['loc'])}: {key or 'the whole'}: {fault['msg']}"


def _optional_address(text: str | None, variable: str) -> Address | None:
    return Address.parse(text, variable) if text else None


def _secret(environ: Mapping[str, str], name: str, *, needed: bool) -> str:
    """The variable, or what stands in the file that NAME_FILE names. Raises ValueError, which never shows the value."""
    value = environ.get(name, "")
    if not value and (file := environ.get(f"{name}_FILE")):
        try:
            value = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as fault:
            raise ValueError(f"{name}_FILE: {file} cannot be read: {fault}") from fault
    if needed and not value:
        raise ValueError(f"{name} is not set: say where the server is, in {name} or in a file named by {name}_FILE")
    if value and (wrong := _url_fault(value, SECRETS[name])):
        raise ValueError(f"{name}: {wrong}")
    return value


def _url_fault(url: str, schemes: Collection[str]) -> str | None:
    """Why this is not the URL of a server, in words that do not show it."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    return None if whole else f"is not {' or '.join(f'{scheme}://…' for scheme in schemes)}, with host and port"
