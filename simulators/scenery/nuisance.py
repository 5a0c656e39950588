"""Pure: what disturbs a camera and is no harm: wind, headlights, insects, drops, and an exposure that hunts."""

from dataclasses import dataclass
from math import pi, sin

from simulators.nature.noise import key, smooth, unit
from simulators.nature.rhythm import HOUR
from simulators.scenery.chance import between, events
from simulators.scenery.rain import Drop

SHAKE = 2 / 1280  # of the view's width: the most that a pole moves
DRIFT_HOURS = 3.0  # a pole bends in the sun
STEP_SECONDS = 600.0
GLARE_EVERY_SECONDS, GLARE_SECONDS = 150.0, 3.5
INSECT_EVERY_SECONDS, INSECT_SECONDS = 2_400.0, 50.0
DROPS, DROP_SECONDS = 24, 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuisance:
    seed: int

    def sway(self, second: float) -> float:
        """How the trees lean in the wind, -1 to 1."""
        return self._wind(second) * (2 * smooth(key("sway", self.seed), second, 1.3) - 1)

    def shake(self, second: float) -> tuple[float, float]:
        """Right and down, in view widths and heights: the wind at once, the sun's heat over hours."""
        gust = SHAKE * self._wind(second) * (0.3 + 0.7 * unit(key("pole", self.seed)))
        across, down = (2 * smooth(key("shake", self.seed, axis), second, 0.7) - 1 for axis in (0, 1))
        drift = SHAKE * (2 * smooth(key("drift", self.seed), second, DRIFT_HOURS * HOUR) - 1)
        return gust * across + drift, gust * down

    def exposure(self, second: float) -> float:
        """A gain that jumps now and then, and stays for minutes."""
        *_, newest = events(key("exposure", self.seed), second, every=STEP_SECONDS, lasting=2 * STEP_SECONDS)
        return between(newest.chances[0], 0.85, 1.18) if newest.chances[1] < 0.5 else 1.0

    def glare(self, second: float) -> float:
        """0 to 1: a headlight that turns into the lens and away again."""
        sweep = key("glare", self.seed)
        for event in events(sweep, second, every=GLARE_EVERY_SECONDS, lasting=GLARE_SECONDS, odds=0.35):
            return between(event.chances[0], 0.5, 1.0) * sin(pi * event.age / GLARE_SECONDS)
        return 0.0

    def insect(self, second: float) -> float:
        """0 when there is none, else how far it has come, to 1."""
        visit = key("insect", self.seed)
        for event in events(visit, second, every=INSECT_EVERY_SECONDS, lasting=INSECT_SECONDS, odds=0.5):
            return min(1.0, event.age / between(event.chances[0], 15, INSECT_SECONDS))
        return 0.0

    def drops(self, second: float, wet: float) -> tuple[Drop, ...]:
        """Water on the lens: each drop stays until it runs off or dries."""
        places = ((index, int((second + index * 17) // DROP_SECONDS)) for index in range(DROPS if wet > 0 else 0))
        chances = (
            [unit(key("drop", self.seed, index), 4 * turn + part) for part in range(4)] for index, turn in places
        )
        return tuple(
            Drop(x=between(x, 0.03, 0.97), y=between(y, 0.03, 0.53), radius=between(radius, 0.01, 0.035))
            for x, y, radius, fallen in chances
            if fallen < wet
        )

    def _wind(self, second: float) -> float:
        """0 to 1; some poles stand in a lee."""
        return smooth(key("wind", self.seed), second, 900) * between(unit(key("lee", self.seed)), 0.2, 1.0)
