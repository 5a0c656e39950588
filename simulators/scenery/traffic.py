"""Pure: who is in the street at a second of the day: more at the hours when a town is on its way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from simulators.nature.noise import key, unit
from simulators.nature.rhythm import DAY, FIRST_MONDAY, RUSH
from simulators.scenery.casting import person, vehicle
from simulators.scenery.chance import between, events
from simulators.scenery.figures import Actor
from simulators.scenery.plan import LEFT, RIGHT, Plan

GAP_SECONDS = 5.0
WALKERS_EVERY_SECONDS = 18.0
PARKED_SECONDS = 2_700.0
PARKING = (-0.2, 0.15, 0.5, 0.85, 1.2)
STOPS_EVERY_SECONDS = 1_500.0
LONGEST_STOP_SECONDS = 20.0
ARRIVAL_SECONDS = 2.5
A_CAR, A_BUS = 0.6, 1.0  # the chances that make a vehicle one


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    plan: Plan
    seed: int

    def at(self, second: float) -> tuple[Actor, ...]:
        """Everyone at that moment, the farthest first."""
        busy = RUSH.level(FIRST_MONDAY + self.seed % 7 * DAY + second)
        everyone = (*self._parked(second, busy), *self._driving(second, busy), *self._walking(second, busy))
        return (*sorted(everyone, key=lambda who: who.ground), *self._before_the_camera(second, busy))

    def _driving(self, second: float, busy: float) -> Iterator[Actor]:
        for lane in range(0 if self.plan.plain else len(self.plan.lanes)):
            speed = between(unit(key("speed", self.seed), lane), 0.12, 0.4)
            crossing = (RIGHT - LEFT) / speed
            line = key("lane", self.seed, lane)
            for event in events(line, second, every=GAP_SECONDS, lasting=crossing, odds=0.7 * busy):
                yield _along(vehicle(self.plan, lane, event.chances), event.age / crossing)

    def _walking(self, second: float, busy: float) -> Iterator[Actor]:
        for heading in (-1, 1):
            crossing = (RIGHT - LEFT) / between(unit(key("pace", self.seed), heading), 0.02, 0.04)
            walk = key("walk", self.seed, heading)
            odds = 0.1 + 0.5 * busy
            for event in events(walk, second, every=WALKERS_EVERY_SECONDS, lasting=crossing, odds=odds):
                yield _along(replace(person(self.plan, event.chances), heading=heading), event.age / crossing)

    def _parked(self, second: float, busy: float) -> Iterator[Actor]:
        for index, x in enumerate(PARKING):
            spot, seconds = key("parking", self.seed, index), 0.4 * PARKED_SECONDS
            for event in events(spot, second, every=PARKED_SECONDS, lasting=seconds, odds=0.2 + 0.6 * busy):
                car = vehicle(self.plan, 0, (A_CAR, *event.chances))
                yield replace(car, x=x, ground=self.plan.road + 0.065)

    def _before_the_camera(self, second: float, busy: float) -> Iterator[Actor]:
        """A bus that stops right before the camera and fills 40 to 60 % of its view for some seconds."""
        stop, odds = key("stop", self.seed), 0.15 + 0.7 * busy
        for event in events(stop, second, every=STOPS_EVERY_SECONDS, lasting=LONGEST_STOP_SECONDS, odds=odds):
            seconds = between(event.chances[0], 7, LONGEST_STOP_SECONDS)
            if event.age < seconds:
                bus = vehicle(self.plan, -1, (A_BUS, *event.chances))
                size = between(event.chances[2], 0.5, 0.62)
                yield replace(bus, x=_stopping(event.age, seconds), ground=1.02, size=size)


def _along(who: Actor, share: float) -> Actor:
    """`share` of the way through the street, in its own direction."""
    return replace(who, x=LEFT + (share if who.heading > 0 else 1 - share) * (RIGHT - LEFT))


def _stopping(age: float, seconds: float) -> float:
    """The place of what comes in from the left, stands in the middle and goes off to the right."""
    arriving = max(0.0, 1 - age / ARRIVAL_SECONDS)
    leaving = max(0.0, 1 - (seconds - age) / ARRIVAL_SECONDS)
    return 0.5 - 1.3 * arriving**2 + 1.3 * leaving**2
