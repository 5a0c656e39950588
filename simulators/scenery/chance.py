"""Pure: events without memory: time is cut into slots, and the chances of a slot say what happens in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor

from simulators.nature.noise import unit

CHANCES = 8  # drawn for every slot: whether, when, and what the event makes of the others
LATEST = 0.6  # of a slot is over at most when its event begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`age` is how many seconds ago it began; `chances` are six of its own, 0 to 1."""

    age: float
    chances: tuple[float, ...]


def events(key: int, second: float, *, every: float, lasting: float, odds: float = 1.0) -> Iterator[Event]:
    """What is going on, eldest first: in each slot of `every` seconds an event may begin that lasts so many seconds.

    It does in `odds` (0 to 1) of the slots.
    """
    newest = floor(second / every)
    for slot in range(newest - floor(lasting / every) - 1, newest + 1):
        if unit(key, CHANCES * slot) < odds:
            age = second - (slot + LATEST * unit(key, CHANCES * slot + 1)) * every
            if 0 <= age < lasting:
                yield Event(age=age, chances=tuple(unit(key, CHANCES * slot + index) for index in range(2, CHANCES)))


def between(chance: float, low: float, high: float) -> float:
    return low + chance * (high - low)
