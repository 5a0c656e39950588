"""Pure: what a model is given: the place of a device, with randomness of its own, and the moment."""

from dataclasses import dataclass

from simulators.nature.noise import STEEPEST, key, smooth, unit
from simulators.nature.rhythm import HOUR, Rhythm
from simulators.nature.weather import Weather

INSTALLED = 1_735_664_400.0
"""2025-01-01T00:00+07:00: counters and uptimes of the simulated city start from there, in the half year after."""
INSTALLING_SECONDS = 180 * 24 * HOUR

# How far counted time runs ahead and behind: two octaves of noise whose slopes together stay below 1.
BENDS = ((HOUR, 0.3), (HOUR / 12, 0.3))
if sum(STEEPEST * share for _, share in BENDS) >= 1:
    raise AssertionError("bent time would run backwards, and counters with it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """UTC epoch seconds, the same moment on the city's own clocks, and the weather above."""

    t: float
    local: float
    weather: Weather


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One device's own randomness: every use has a name, and names do not disturb each other."""

    seed: int
    device: str

    def constant(self, name: str, low: float, high: float) -> float:
        """A number that is this device's own for ever."""
        return low + (high - low) * unit(self._key(name))

    def wander(self, name: str, t: float, period: float, low: float, high: float) -> float:
        """A number that changes smoothly, at about the given period in seconds, between the bounds."""
        return low + (high - low) * smooth(self._key(name), t, period)

    def installed(self) -> float:
        return INSTALLED + self.constant("installed", 0.0, INSTALLING_SECONDS)

    def counted(self, name: str, now: Moment, rhythm: Rhythm, peak_per_second: float) -> float:
        """A whole count since installation, at `peak_per_second` where the rhythm's level is 1. It never falls.

        Noise in a rate has no closed integral. So the noise bends time instead: time runs unevenly but never backwards,
        and the integral of the rhythm over it rises. Milliseconds are whole, so that rounding cannot turn it either.
        """
        t = max(now.t, self.installed())
        bent = self._bent(name, int(t * 1_000) / 1_000)
        start = self._bent(name, self.installed())
        offset = now.local - now.t
        busy = rhythm.busy_seconds(bent + offset) - rhythm.busy_seconds(start + offset)
        return float(max(0, int(busy * peak_per_second)))

    def _bent(self, name: str, t: float) -> float:
        return t + sum(self.wander(f"{name} bend {period}", t, period, 0.0, share * period) for period, share in BENDS)

    def _key(self, name: str) -> int:
        return key(self.seed, self.device, name)
