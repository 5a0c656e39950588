"""Pure: the healthy city. What every device measures at any moment: same seed, same values, in any order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from devices.device import Device
from simulators.nature.applications import service
from simulators.nature.environment import air_quality, water_level, weather
from simulators.nature.network import fibre_point, gateway, hotspot, village_internet
from simulators.nature.place import Moment, Place
from simulators.nature.streets import feeder, power, street_light, traffic_counter
from simulators.nature.weather import Weather

Model: TypeAlias = Callable[[Place, Moment], dict[str, float]]

# Per kind. A kind without a model is not played: a camera's telemetry comes from its pictures.
MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "fibre_point": fibre_point,
        "hotspot": hotspot,
        "village_internet": village_internet,
        "gateway": gateway,
        "feeder": feeder,
        "water_level": water_level,
        "weather": weather,
        "air_quality": air_quality,
        "power": power,
        "street_light": street_light,
        "traffic_counter": traffic_counter,
        "service": service,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A city of one seed. It has no state: a value depends on seed, device, metric and moment alone."""

    seed: int
    utc_offset_seconds: float = 7 * 3_600.0  # WIB, which knows no summer time

    def plays(self, device: Device) -> bool:
        return device.kind in MODELS

    def values(self, device: Device, t: float) -> dict[str, float]:
        """Every metric of the device at `t`, UTC epoch seconds. Raises KeyError for a kind that is not played."""
        sky = Weather(seed=self.seed, utc_offset_seconds=self.utc_offset_seconds)
        moment = Moment(t=t, local=t + self.utc_offset_seconds, weather=sky)
        return MODELS[device.kind](Place(seed=self.seed, device=device.id), moment)

    def value(self, device: Device, metric: str, t: float) -> float:
        """One metric at `t`, UTC epoch seconds. Raises KeyError for what the device does not report."""
        return self.values(device, t)[metric]
