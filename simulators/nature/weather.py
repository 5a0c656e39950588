"""Pure: one weather over the whole regency, so that many sensors move together. Times are UTC epoch seconds."""

from dataclasses import dataclass
from math import cos, exp, tau

from simulators.nature.noise import key, smooth
from simulators.nature.rhythm import DAY, HOUR

YEAR = 365.25 * DAY
DRY = 0.76  # below this chance it does not rain; with it a year has some 3,000 mm and a wet hour in ten
BASIN_HOURS = 72
BASIN_PEAK_HOURS = 7.0
DRYING_STEPS = 8
DRYING_STEP_SECONDS = 1_800.0


def _normalised(weights: list[float]) -> tuple[float, ...]:
    return tuple(weight / sum(weights) for weight in weights)


# The unit hydrograph of a basin as two equal reservoirs in a row (Nash 1957): it rises, peaks and falls slowly.
BASIN = _normalised([hour * exp(-hour / BASIN_PEAK_HOURS) for hour in range(BASIN_HOURS)])
DRYING = _normalised([exp(-step / 3) for step in range(DRYING_STEPS)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """The regional weather of one seed; `utc_offset_seconds` places its afternoons."""

    seed: int
    utc_offset_seconds: float

    def rain(self, t: float) -> float:
        """Rainfall in mm/h: most often none, showers in the afternoons of the wet season, November to April."""
        spell = smooth(key(self.seed, "spell"), t, 2 * DAY)
        shower = smooth(key(self.seed, "shower"), t, 1.5 * HOUR)
        chance = 0.5 * spell + 0.5 * shower + 0.16 * self.wet_season(t) + 0.12 * self.warmth(t - 2 * HOUR)
        excess = max(0.0, chance - DRY)
        return 160.0 * excess * excess

    def fallen(self, t: float) -> float:
        """The rain of the last hours, mm/h, the latest weighing most: what wets the ground and washes the air."""
        return sum(weight * self.rain(t - step * DRYING_STEP_SECONDS) for step, weight in enumerate(DRYING))

    def runoff(self, t: float) -> float:
        """The rain of three days as it arrives in the river, mm/h: hours after it fell, rising fast, falling slowly."""
        return sum(weight * self.rain(t - hour * HOUR) for hour, weight in enumerate(BASIN))

    def wet_season(self, t: float) -> float:
        """-1 in the middle of July, 1 in the middle of January."""
        return cos(tau * (t / YEAR - 15 / 365.25))

    def haze_season(self, t: float) -> float:
        """0 to 1: the fires on drained peat, from August to October."""
        return max(0.0, cos(tau * (t / YEAR - 260 / 365.25))) ** 4

    def warmth(self, t: float) -> float:
        """-1 at 2 in the night, 1 at 14:00, the year round as near the equator."""
        hour = (t + self.utc_offset_seconds) % DAY / HOUR
        return cos(tau * (hour - 14) / 24)
