"""A whole day before one camera, with all that is normal there and no reason for an alarm."""

from dataclasses import dataclass
from functools import cached_property

from simulators.nature.noise import key, unit
from simulators.nature.rhythm import DAY, HOUR
from simulators.scenery.chance import between
from simulators.scenery.film import UNHARMED, Film, film_of
from simulators.scenery.lens import Mishap
from simulators.scenery.light import LOOKS, Light
from simulators.scenery.moment import Moment
from simulators.scenery.nuisance import Nuisance
from simulators.scenery.picture import Picture
from simulators.scenery.sky import SUNRISE, SUNSET, Sky, sky
from simulators.scenery.traffic import Traffic

WITH_INFRARED = 0.6  # so many cameras have a lamp of their own; the others see colours by the street's lamps
LEAST_GRAIN, MOST_GRAIN = 0.7, 1.5  # of what is usual: sensors differ


@dataclass(frozen=True, kw_only=True)
class CameraDay:
    """The camera of a seed at any second of its day: the same second gives the same picture, to the last pixel.

    Seeds differ in the street (every fifth, 4, 9, ..., is a plain wall), infrared, weather, wind, traffic and noise.
    The first picture costs more than the others: it draws the street.
    """

    seed: int
    width: int = 640
    height: int = 360

    def picture(self, second: float, mishap: Mishap = UNHARMED) -> Picture:
        """What the camera sends `second` seconds after midnight (0 to 86,400), after that mishap. BGR, a new array."""
        return self._film.picture(self.moment(second), mishap)

    def moment(self, second: float) -> Moment:
        """All that is so at that second, the truth behind its picture."""
        above, nuisance = self._sky, self._nuisance
        infrared, daylight = self.sees_infrared(second), above.daylight(second)
        rain, wet = above.rain(second), above.wet(second)
        return Moment(
            tick=round(second * 1000),
            stamp=f"CAM {self.seed:02d}  {_clock(second)}",
            sun=daylight,
            shade=above.shade(second),
            cloud=above.cloud(second),
            lamps=above.lamps(second),
            infrared=infrared,
            exposure=nuisance.exposure(second),
            grain=self._grain(infrared=infrared, daylight=daylight),
            rain=rain,
            wet=wet,
            drops=nuisance.drops(second, max(rain, 0.4 * wet)),
            sway=nuisance.sway(second),
            shake=nuisance.shake(second),
            glare=0.0 if daylight > 0.1 else nuisance.glare(second),
            insect=nuisance.insect(second) if infrared else 0.0,
            actors=self._traffic.at(second),
        )

    def sees_infrared(self, second: float) -> bool:
        """Switched at dusk and back at dawn, each at once, by a sensor of the camera's own."""
        if unit(key("infrared", self.seed)) >= WITH_INFRARED:
            return False
        shift = between(unit(key("switch", self.seed)), 0, 900)
        return not SUNRISE - 600 + shift < second % DAY < SUNSET + 900 - shift

    def _grain(self, *, infrared: bool, daylight: float) -> float:
        sensor = between(unit(key("sensor", self.seed)), LEAST_GRAIN, MOST_GRAIN)
        if infrared:
            return sensor * LOOKS[Light.INFRARED].grain
        return sensor * between(daylight, LOOKS[Light.NIGHT].grain, LOOKS[Light.DAY].grain)

    @cached_property
    def _film(self) -> Film:
        return film_of(self.seed, self.width, self.height)

    @cached_property
    def _sky(self) -> Sky:
        return sky(self.seed)

    @cached_property
    def _nuisance(self) -> Nuisance:
        return Nuisance(seed=self.seed)

    @cached_property
    def _traffic(self) -> Traffic:
        return Traffic(plan=self._film.plan, seed=self.seed)


def _clock(second: float) -> str:
    whole = int(second)
    return f"{whole // HOUR:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
