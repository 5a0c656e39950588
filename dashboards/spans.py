"""A span of time as it stands in a query string: `from` and `to`, and what is meant where one of them is missing."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query

from dashboards.parameters import Moment
from dashboards.problem import Problem
from dashboards.words import Sentence

DAY = timedelta(days=1)
ENDS_TOO_SOON = ("Akhirnya harus sesudah awalnya dan sesudah sekarang.", "until must lie after since, and after now.")

From = Annotated[Moment | None, Query(alias="from")]
To = Annotated[Moment | None, Query(alias="to")]


def span_of(
    start: datetime | None, end: datetime | None, now: datetime, default: timedelta = DAY
) -> tuple[datetime, datetime]:
    """A span as it was asked for; without its end, until now; without its beginning, so long before the end."""
    end = end or now
    start = start or end - default
    if start >= end:
        indonesian, english = _long(default)
        raise Problem(
            422,
            (
                f"from harus sebelum to; tanpa from, dianggap {indonesian} sebelum to.",
                f"from must lie before to; without from, it is {english} before to.",
            ),
        )
    return start, end


def _long(span: timedelta) -> Sentence:
    if span > DAY:
        return f"{span // DAY} hari", f"{span // DAY} days"
    hours = span // timedelta(hours=1)
    return f"{hours} jam", f"{hours} hours"
