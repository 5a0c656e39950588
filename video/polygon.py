"""Pure: polygons in a picture whatever its size: 0 to 1 from left to right, and from top to bottom."""

from collections.abc import Iterator
from itertools import combinations
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Polygon: TypeAlias = tuple[Point, ...]
"""Corners in order; the last is joined to the first."""


def area(polygon: Polygon) -> float:
    """Share of the picture, by the shoelace formula; of use for a polygon that does not cross itself."""
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in sides(polygon))) / 2


def crosses_itself(polygon: Polygon) -> bool:
    """Whether two sides meet that are no neighbours: inside and outside are then a matter of opinion."""
    numbered = list(enumerate(sides(polygon)))
    last = len(numbered) - 1
    return any(
        _meet(one, other)
        for (i, one), (j, other) in combinations(numbered, 2)
        if j - i > 1 and (i, j) != (0, last)  # neighbours share a corner
    )


def sides(polygon: Polygon) -> Iterator[tuple[Point, Point]]:
    return zip(polygon, polygon[1:] + polygon[:1], strict=True)


def _meet(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two segments, ends included, have a point in common: their boxes do, and each straddles the other."""
    return (
        all(_overlap(one, other, axis) for axis in (0, 1))
        and _turn(*one, other[0]) * _turn(*one, other[1]) <= 0
        and _turn(*other, one[0]) * _turn(*other, one[1]) <= 0
    )


def _overlap(one: tuple[Point, Point], other: tuple[Point, Point], axis: int) -> bool:
    low, high = sorted(point[axis] for point in one)
    other_low, other_high = sorted(point[axis] for point in other)
    return low <= other_high and other_low <= high


def _turn(origin: Point, via: Point, to: Point) -> float:
    """Above 0 where the way from origin over `via` to `to` turns one way, below 0 where the other, 0 where straight."""
    return (via[0] - origin[0]) * (to[1] - origin[1]) - (via[1] - origin[1]) * (to[0] - origin[0])
