"""Pure: the week of a city. Local times are seconds since 1970-01-01T00:00 on the city's own clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

HOUR = 3_600
DAY = 24 * HOUR
WEEK = 7 * DAY
FIRST_MONDAY = 4 * DAY  # 1970-01-01 was a Thursday


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How busy something is: a level at each full hour of the week from Monday 00:00, straight lines between.

    `sums` is the integral of the level from Monday 00:00 to each full hour, the next Monday 00:00 included.
    """

    levels: tuple[float, ...]
    sums: tuple[float, ...]

    def level(self, local: float) -> float:
        """The level at a local time, 0 to 1."""
        hour, x = divmod((local - FIRST_MONDAY) % WEEK / HOUR, 1.0)
        here, there = self._ends(int(hour))
        return here + (there - here) * x

    def busy_seconds(self, local: float) -> float:
        """The integral of the level up to a local time, in closed form: it never falls, so counters can stand on it."""
        weeks, within = divmod(local - FIRST_MONDAY, WEEK)
        hour, x = divmod(within / HOUR, 1.0)
        here, there = self._ends(int(hour))
        return weeks * self.sums[-1] + self.sums[int(hour)] + HOUR * (here * x + (there - here) * x * x / 2)

    def _ends(self, hour: int) -> tuple[float, float]:
        return self.levels[hour], self.levels[(hour + 1) % len(self.levels)]


def week(
    workday: Sequence[float], *, friday: Sequence[float], saturday: Sequence[float], sunday: Sequence[float]
) -> Rhythm:
    """A rhythm from 24 levels per sort of day, from 00:00 on; Monday to Thursday are alike."""
    levels = (*workday, *workday, *workday, *workday, *friday, *saturday, *sunday)
    hours = (HOUR * (here + there) / 2 for here, there in pairwise((*levels, levels[0])))
    return Rhythm(levels=levels, sums=tuple(accumulate(hours, initial=0.0)))


def _day(text: str) -> tuple[float, ...]:
    """24 levels written as percent."""
    return tuple(int(word) / 100 for word in text.split())


# Hours:                   0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
OFFICE = week(  # offices open 7:30 to 16:00; on Friday they close around the noon prayer
    workday=_day("         4  3  3  3  4  6 12 40 80 95 99 90 60 75 92 85 50 20 12 10  9  8  6  5"),
    friday=_day("          4  3  3  3  4  6 12 42 82 95 90 50 25 55 85 78 42 18 12 10  9  8  6  5"),
    saturday=_day("        4  3  3  3  4  5  8 12 18 22 22 20 16 16 16 14 12 10  9  9  8  7  6  5"),
    sunday=_day("          4  3  3  3  4  5  6  8 10 11 11 11 10 10 10 10 10  9  9  9  8  7  6  5"),
)
EVENING = week(  # hotspots and villages: after work, and the whole weekend
    workday=_day("        22 12  7  5  6 10 16 22 28 32 35 38 42 40 40 46 55 66 74 92 99 95 75 45"),
    friday=_day("         22 12  7  5  6 10 16 22 28 32 33 22 16 38 42 48 58 70 80 96 99 98 85 58"),
    saturday=_day("       35 20 11  7  7 11 18 28 40 50 55 58 58 58 60 66 74 82 88 97 99 99 90 66"),
    sunday=_day("         42 24 13  8  8 12 20 32 45 54 58 60 58 58 60 64 72 78 84 92 94 85 62 38"),
)
RUSH = week(  # vehicles: to school and office, home again, quiet during the Friday prayer
    workday=_day("         6  4  3  4 10 28 72 98 70 52 50 55 62 55 52 62 90 95 68 55 45 32 20 11"),
    friday=_day("          6  4  3  4 10 28 72 96 68 52 48 45 18 46 52 62 90 97 74 62 52 38 24 13"),
    saturday=_day("       10  6  4  5  9 20 38 52 58 62 64 64 60 56 56 62 70 78 80 76 66 50 32 18"),
    sunday=_day("         12  7  5  5  9 22 40 48 52 56 58 58 54 50 52 58 66 72 70 62 50 36 22 12"),
)
STEADY_DAY = (1.0,) * 24
STEADY = week(STEADY_DAY, friday=STEADY_DAY, saturday=STEADY_DAY, sunday=STEADY_DAY)  # sensors know no hours
