"""Pure: the plan of a street: what stands where, drawn from a seed. Places as in `window.py`."""

from dataclasses import dataclass

import numpy as np

from simulators.scenery.picture import Colour
from simulators.scenery.window import MARGIN

LEFT, RIGHT = -MARGIN, 1 + MARGIN
PLAIN_SEEDS = 5  # of so many seeds in a row the last looks at a wall
WORDS = ("TOKO", "APOTEK", "WARUNG", "BANK", "BENGKEL", "FOTO", "SALON", "PULSA", "BAKSO", "KOPI", "OPTIK", "RS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    left: float
    right: float
    top: float
    colour: Colour
    floors: int
    columns: int
    sign: str
    sign_colour: Colour
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """`radius` of its crown, in view heights; `crown` is the crown's middle."""

    x: float
    crown: float
    radius: float
    colour: Colour
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`road` is where the road begins, `walk` where people walk, `lanes` where wheels run, the far lanes first."""

    seed: int
    plain: bool
    road: float
    walk: float
    lanes: tuple[float, ...]
    sky: Colour
    wall: Colour
    buildings: tuple[Building, ...]
    trees: tuple[Tree, ...]
    lamps: tuple[float, ...]


def plan(seed: int) -> Plan:
    """The street of a seed. Every fifth (4, 9, 14, ...) is plain: a wall and the sky, with few edges."""
    rng = np.random.default_rng([seed, 11])
    plain = seed % PLAIN_SEEDS == PLAIN_SEEDS - 1
    road = float(rng.uniform(0.72, 0.8) if plain else rng.uniform(0.42, 0.68))
    return Plan(
        seed=seed,
        plain=plain,
        road=road,
        walk=road + 0.02,
        lanes=(0.93,) if plain else _lanes(rng, road),
        sky=_between(rng, (225, 195, 165), (250, 225, 205)),
        wall=_between(rng, (120, 130, 140), (165, 175, 185)),
        buildings=() if plain else tuple(_buildings(rng, road)),
        trees=() if plain else tuple(_tree(rng, road) for _ in range(int(rng.integers(4, 11)))),
        lamps=tuple(np.arange(LEFT + rng.uniform(0, 0.4), RIGHT, rng.uniform(0.35, 0.6)).tolist()),
    )


def _lanes(rng: np.random.Generator, road: float) -> tuple[float, ...]:
    nearest, count = rng.uniform(0.88, 0.97), int(rng.integers(2, 5))
    return tuple(np.linspace(road + 0.09, nearest, count).tolist())


def _buildings(rng: np.random.Generator, road: float) -> list[Building]:
    """A row without gaps in one town, houses among gardens in another; of one storey here, of five there."""
    gap, tallest = float(rng.choice((0.0, 0.03, 0.15))), float(rng.uniform(0.2, 0.6))
    row, left = [], LEFT - 0.02
    while left < RIGHT:
        row.append(_building(rng, left, road, tallest))
        left = row[-1].right + gap * float(rng.uniform(0, 2))
    return row


def _building(rng: np.random.Generator, left: float, road: float, tallest: float) -> Building:
    return Building(
        left=left,
        right=left + float(rng.uniform(0.1, 0.28)),
        top=road - float(rng.uniform(0.17, max(0.18, tallest))),
        colour=_plaster(rng),
        floors=int(rng.integers(2, 6)),
        columns=int(rng.integers(2, 6)),
        sign=str(rng.choice(WORDS)) if rng.uniform() < 0.7 else "",
        sign_colour=_between(rng, (20, 20, 20), (200, 160, 230)),
        seed=int(rng.integers(1 << 30)),
    )


def _tree(rng: np.random.Generator, road: float) -> Tree:
    radius = float(rng.uniform(0.06, 0.15))
    return Tree(
        x=float(rng.uniform(LEFT, RIGHT)),
        crown=road - float(rng.uniform(0.12, 0.26)),
        radius=radius,
        colour=_between(rng, (25, 70, 35), (55, 125, 80)),
        seed=int(rng.integers(1 << 30)),
    )


def _plaster(rng: np.random.Generator) -> Colour:
    """A grey with a tinge: walls are paler than signs."""
    grey, tinge = rng.uniform(85, 210), rng.uniform(-1, 1, 3) * 28
    blue, green, red = np.clip(grey + tinge, 0, 255).tolist()
    return blue, green, red


def _between(rng: np.random.Generator, low: Colour, high: Colour) -> Colour:
    blue, green, red = rng.uniform(low, high).tolist()
    return blue, green, red
