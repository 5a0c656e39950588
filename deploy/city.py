"""city.toml: what the city is and wants. Each room declares its own section in the file that uses it."""

import re
import tomllib
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from alerts.settings import AlertSettings
from dashboards.settings import DashboardsSettings
from deploy.city_text import CityText
from deploy.refused import RefusedError
from deploy.toml_lines import TomlPath, line_of
from devices.topics import ROOT
from ingest.worker import IngestSettings
from video.settings import VideoSettings

# pydantic's words for what people get wrong most, in ours.
REASONS = {"extra_forbidden": "unknown key", "missing": "missing"}
# How tomllib ends a message.
AT_LINE = re.compile(r"(.*) \(at line (\d+), column \d+\)")


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"no time zone is called {name}")
    return name


def _topic(root: str) -> str:
    if not root or root.startswith(("/", "$")) or root.endswith("/") or set(root) & {"+", "#"}:
        raise ValueError("must be a topic without +, #, an outer / or a leading $")
    return root


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

    root: Annotated[str, AfterValidator(_topic)] = ROOT


class ScreensSection(DashboardsSettings, frozen=True):
    """[dashboards], but for what [city] says already."""

    @field_validator("language", "time_zone", mode="before")
    @classmethod
    def _of_the_city(cls, _: Any) -> None:  # noqa: ANN401  whatever stands in the file
        raise ValueError("stands in [city]")


class City(AlertSettings):
    """The whole of city.toml."""

    city: CitySection
    mqtt: MqttSection = MqttSection()
    ingest: IngestSettings = IngestSettings()
    video: VideoSettings = VideoSettings()
    dashboards: ScreensSection = ScreensSection()

    @model_validator(mode="after")
    def _frames_stay_fresh_until_the_next(self) -> Self:
        if self.dashboards.frame_fresh_seconds < 2 * self.video.interval_seconds:
            raise ValueError("dashboards.frame_fresh_seconds: must be at least twice [video] interval_seconds")
        return self


def read_city(text: CityText) -> City:
    """The city's settings. Raises RefusedError with a `file:line: key: reason` for each fault."""
    try:
        city = City.model_validate(tomllib.loads(text.whole), context={"folder": text.files[0].parent})
    except ValidationError as invalid:
        faults = [_key_fault(text, fault) for fault in invalid.errors(include_input=False)]
        raise RefusedError(faults) from invalid
    except (ValueError, RecursionError) as fault:  # what tomllib raises; not always its own TOMLDecodeError
        raise RefusedError([_toml_fault(text, str(fault))]) from fault
    if unknown := _unknown_areas(city):
        raise RefusedError([fault_at(text, key, f"{_written(key)}: not among [city] areas") for key in unknown])
    return city


def fault_at(text: CityText, where: TomlPath, words: str) -> str:
    """What is wrong, behind the file and the line of the key."""
    return f"{text.place(line_of(text.whole, where))}: {words}"


def _unknown_areas(city: City) -> list[TomlPath]:
    """Where a rule or a route asks for an area that the city has not got, and so would never fit anything."""
    asked = [("rules", number, area) for number, rule in enumerate(city.rules) for area in rule.match.area or ()]
    asked += [
        ("routes", number, route.match["area"]) for number, route in enumerate(city.routes) if "area" in route.match
    ]
    known = city.city.areas
    unknown = dict.fromkeys((section, number) for section, number, area in asked if known and area not in known)
    return [(section, number, "match", "area") for section, number in unknown]


def _key_fault(text: CityText, fault: ErrorDetails) -> str:
    reason = REASONS.get(fault["type"], fault["msg"].removeprefix("Value error, "))
    where: TomlPath = fault["loc"]
    if where[:1] in {
        ("rules",),
        ("channels",),
    }:  # pydantic adds the kind by which it told them apart
        where = [*where[:2], *where[3:]]
    if not where:  # a check of several keys against each other begins its reason with the key at fault
        key, _, reason = reason.partition(": ")
        where = [int(part) if part.isdecimal() else part for part in key.split(".")]
    return fault_at(text, where, f"{_written(where)}: {reason}")


def _written(where: TomlPath) -> str:
    return ".".join(map(str, where))


def _toml_fault(text: CityText, reason: str) -> str:
    at = AT_LINE.fullmatch(reason)
    reason, line = (at[1], int(at[2])) if at else (reason, text.whole.count("\n"))
    return f"{text.place(line)}: not TOML: {reason}"
