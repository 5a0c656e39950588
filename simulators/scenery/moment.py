"""What is so in the street at one instant: all that a picture depends on beside the street itself."""

from dataclasses import dataclass

from simulators.scenery.figures import Actor
from simulators.scenery.rain import Drop


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`tick` must differ from one picture to the next: it chooses the grain of the sensor and the streaks of rain.

    `sun` is daylight, 0 night to 1 noon; `shade` where the shadows fall, -1 (morning) to 1 (evening); `cloud` how much
    of the sun is hidden; `lamps` how bright the street's lamps are, all 0 to 1. `exposure` is what the camera makes of
    it, a gain; `brightness` instead fixes the mean luma. `grain` is the noise of its sensor, of 255. `rain` and `wet`
    (the road) 0 to 1. `sway` of the trees, -1 to 1; `shake` of the pole, right and down, in view widths and heights.
    `glare` is a headlight into the lens, `insect` how far one has crept over it, each 0 for none.
    """

    tick: int
    stamp: str
    sun: float = 1.0
    shade: float = 0.0
    cloud: float = 0.0
    lamps: float = 0.0
    infrared: bool = False
    exposure: float = 1.0
    brightness: float | None = None
    grain: float = 1.0
    rain: float = 0.0
    wet: float = 0.0
    drops: tuple[Drop, ...] = ()
    sway: float = 0.0
    shake: tuple[float, float] = (0.0, 0.0)
    glare: float = 0.0
    insect: float = 0.0
    actors: tuple[Actor, ...] = ()
