"""The four lights a camera knows, and what each makes of a street and of the sensor."""

from dataclasses import dataclass
from enum import StrEnum


class Light(StrEnum):
    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"
    INFRARED = "infrared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The parts of a `Moment` that hang on the light; `grain` is the noise of the sensor, of 255."""

    sun: float
    lamps: float
    grain: float
    infrared: bool = False


LOOKS = {
    Light.DAY: Look(sun=1.0, lamps=0.0, grain=1.2),
    Light.DUSK: Look(sun=0.45, lamps=0.35, grain=2.5),
    Light.NIGHT: Look(sun=0.0, lamps=1.0, grain=4.0),
    Light.INFRARED: Look(sun=0.0, lamps=1.0, grain=3.0, infrared=True),
}
