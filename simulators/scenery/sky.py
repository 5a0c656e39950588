"""Pure: the light and the weather over one camera through a day near the equator."""

from dataclasses import dataclass
from math import exp

from simulators.nature.noise import key, smooth, unit
from simulators.nature.rhythm import HOUR
from simulators.scenery.chance import between

SUNRISE, SUNSET = 5.9 * HOUR, 18.1 * HOUR
TWILIGHT = 0.75 * HOUR
CLOUD_SECONDS = 420.0
SHOWERS = 3  # that may come in a day: two in the afternoon, one at any hour
COMING = 0.6  # of them do
FRONT_SECONDS = 240.0  # from the first drops to the full shower
DRYING_SECONDS = 2_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shower:
    """`strength` is 0 to 1."""

    begin: float
    seconds: float
    strength: float

    def rain(self, second: float) -> float:
        edge = min(second - self.begin, self.begin + self.seconds - second) / FRONT_SECONDS
        return self.strength * _clipped(edge)

    def wetness(self, second: float) -> float:
        """Of the road: soon after it begins, and for the best part of an hour after its end."""
        age = second - self.begin
        return (
            _clipped(age / FRONT_SECONDS)
            * min(1.0, 2 * self.strength)
            * exp(min(0.0, self.seconds - age) / DRYING_SECONDS)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """All answers are continuous in the second of the day."""

    seed: int
    showers: tuple[Shower, ...]

    def daylight(self, second: float) -> float:
        """0 to 1, as the camera's automatic exposure leaves it: full soon after sunrise; less in a downpour."""
        risen, setting = (second - SUNRISE) / TWILIGHT + 0.5, (SUNSET - second) / TWILIGHT + 0.5
        height = _clipped(min(risen, setting))
        return height * height * (3 - 2 * height) * (1 - 0.3 * self.rain(second))

    def shade(self, second: float) -> float:
        """-1 with the sun in the east, 1 in the west."""
        return min(1.0, max(-1.0, (second - 12 * HOUR) / (5 * HOUR)))

    def cloud(self, second: float) -> float:
        """0 to 1: clouds pass within minutes and hide the sun within seconds; rain comes out of a closed cover."""
        passing = smooth(key("cloud", self.seed), second, CLOUD_SECONDS)
        cover = between(unit(key("cover", self.seed)), -1.2, 1.0)
        return _clipped(max(5 * (passing - 0.5) + cover, 3 * self.rain(second)))

    def lamps(self, second: float) -> float:
        """0 to 1, the street's lamps: a sensor turns them on within a minute; they count for more as the sun goes."""
        shift = between(unit(key("lamps", self.seed)), -300, 300)
        off = _clipped(min(second - SUNRISE + shift, SUNSET - shift - second) / 60 + 0.5)
        return (1 - off) * (1 - 0.75 * self.daylight(second))

    def rain(self, second: float) -> float:
        """0 to 1."""
        strongest = max(shower.rain(second) for shower in self.showers)
        return strongest and strongest * (0.6 + 0.4 * smooth(key("gusts", self.seed), second, 90))

    def wet(self, second: float) -> float:
        """How wet the road is, 0 to 1."""
        return max(shower.wetness(second) for shower in self.showers)


def sky(seed: int) -> Sky:
    return Sky(seed=seed, showers=tuple(_shower(seed, index) for index in range(SHOWERS)))


def _shower(seed: int, index: int) -> Shower:
    chances = [unit(key("shower", seed, index), part) for part in range(4)]
    afternoon = index < SHOWERS - 1
    return Shower(
        begin=between(chances[0], 12, 19) * HOUR if afternoon else between(chances[0], 0, 23) * HOUR,
        seconds=between(chances[1], 0.3, 1.6) * HOUR,
        strength=between(chances[2], 0.25, 1.0) if chances[3] < COMING else 0.0,
    )


def _clipped(x: float) -> float:
    return min(1.0, max(0.0, x))
