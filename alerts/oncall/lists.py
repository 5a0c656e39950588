"""Checks of lists at the doors: how long they are, and that nothing stands in them twice. Pure."""

from collections.abc import Sequence
from typing import Any

from pydantic import AfterValidator


def sized(least: int, most: int) -> AfterValidator:
    """Asked of what is valid otherwise: pydantic's own check counts a faulty element as missing, and says so too."""

    def check(elements: Sequence[Any]) -> Sequence[Any]:
        if not least <= len(elements) <= most:
            raise ValueError(f"must be {least} to {most}, not {len(elements)}")
        return elements

    return AfterValidator(check)


def _check_distinct(elements: Sequence[Any]) -> Sequence[Any]:
    if len(set(elements)) < len(elements):
        raise ValueError("names something twice")
    return elements


DISTINCT = AfterValidator(_check_distinct)
