"""Pure: life that repeats: whoever is in the street at the end of a loop stands where the loop begins."""

from dataclasses import dataclass, replace
from math import cos, sin, tau

import numpy as np

from simulators.scenery.casting import person, vehicle
from simulators.scenery.figures import Actor
from simulators.scenery.plan import LEFT, RIGHT, Plan
from simulators.scenery.rain import Drop

DROPS = 24
STROLL = 0.05  # of the view's width: so far people walk to and fro


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Drivers go once through the whole street in a loop, walkers to and fro; `starts` are theirs, 0 to 1, in order.

    `drops` is water that a downpour leaves on the lens.
    """

    drivers: tuple[Actor, ...]
    walkers: tuple[Actor, ...]
    starts: tuple[float, ...]
    drops: tuple[Drop, ...]

    def on_stage(self, progress: float) -> tuple[Actor, ...]:
        """Where they all are when `progress` (0 to 1) of the loop is over, the farthest first."""
        driving = (_driven(who, start + progress) for who, start in zip(self.drivers, self.starts, strict=False))
        walking = (_walked(who, start + progress) for who, start in zip(self.walkers, self.starts[::-1], strict=False))
        return tuple(sorted((*driving, *walking), key=lambda who: who.ground))


def cast(plan: Plan, *, cars: int, people: int) -> Cast:
    rng = np.random.default_rng([plan.seed, 51])
    return Cast(
        drivers=tuple(vehicle(plan, lane % len(plan.lanes), rng.uniform(size=5).tolist()) for lane in range(cars)),
        walkers=tuple(
            replace(person(plan, rng.uniform(size=5).tolist()), x=float(rng.uniform(0.05, 0.95))) for _ in range(people)
        ),
        starts=tuple(rng.permutation(np.linspace(0, 1, max(1, cars, people), endpoint=False)).tolist()),
        drops=tuple(_drop(rng) for _ in range(DROPS)),
    )


def _driven(who: Actor, laps: float) -> Actor:
    share = laps % 1 if who.heading > 0 else 1 - laps % 1
    return replace(who, x=LEFT + share * (RIGHT - LEFT))


def _walked(who: Actor, laps: float) -> Actor:
    return replace(who, x=who.x + STROLL * sin(tau * laps), heading=1 if cos(tau * laps) > 0 else -1)


def _drop(rng: np.random.Generator) -> Drop:
    x, y, radius = rng.uniform((0.03, 0.03, 0.01), (0.97, 0.53, 0.035)).tolist()
    return Drop(x=x, y=y, radius=radius)
