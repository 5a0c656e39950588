"""Pure: who drives and walks in a street: kind, size and colour from a handful of chances, each 0 to 1."""

from collections.abc import Sequence

from simulators.scenery.figures import Actor, Figure
from simulators.scenery.picture import Colour
from simulators.scenery.plan import Plan

CAR_COLOURS: tuple[Colour, ...] = (
    (235, 235, 235),
    (190, 190, 190),
    (30, 30, 30),
    (90, 90, 95),
    (40, 30, 170),
    (140, 70, 30),
    (30, 90, 160),
)
SIZES = {Figure.CAR: 0.17, Figure.MOTORBIKE: 0.15, Figure.BUS: 0.3, Figure.PERSON: 0.22}  # nearest, in view heights
FAR = 0.55  # of its size has what is at the far end of the road
BIKES, BUSES = 0.5, 0.94  # of the vehicles the first half are motorbikes, the last few buses


def vehicle(plan: Plan, lane: int, chances: Sequence[float]) -> Actor:
    """Somebody in that lane, at x = 0. Uses three chances."""
    figure = Figure.MOTORBIKE if chances[0] < BIKES else Figure.CAR if chances[0] < BUSES else Figure.BUS
    return Actor(
        figure=figure,
        x=0.0,
        ground=plan.lanes[lane],
        size=SIZES[figure] * _nearness(plan, plan.lanes[lane]) * (0.9 + 0.2 * chances[1]),
        heading=1 if lane >= len(plan.lanes) / 2 else -1,
        colour=CAR_COLOURS[int(chances[2] * len(CAR_COLOURS))],
    )


def person(plan: Plan, chances: Sequence[float]) -> Actor:
    """Somebody on the pavement, at x = 0. Uses five chances."""
    ground = plan.walk + 0.02 * chances[0]
    return Actor(
        figure=Figure.PERSON,
        x=0.0,
        ground=ground,
        size=SIZES[Figure.PERSON] * _nearness(plan, ground) * (0.85 + 0.3 * chances[1]),
        heading=1,
        colour=(40 + 190 * chances[2], 40 + 190 * chances[3], 40 + 190 * chances[4]),
    )


def _nearness(plan: Plan, ground: float) -> float:
    return FAR + (1 - FAR) * (ground - plan.road) / (1 - plan.road)
