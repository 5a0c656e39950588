"""GET /api/v1/availability, and .csv: up, down, upstream, maintenance, blind, power; by device, kind or area."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends
from fastapi.responses import Response

from dashboards import queries
from dashboards.availability import By, Counted, counted_of, grouped, render_csv, sheet_name, worst
from dashboards.centre import Here
from dashboards.parameters import Text
from dashboards.shapes import Availability
from dashboards.spans import From, To, span_of

MONTH = timedelta(days=30)
CSV = "text/csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be counted: the span, and the devices with their seconds and outages in it."""

    start: datetime
    end: datetime
    by: By
    counted: Sequence[Counted]

    @property
    def span_seconds(self) -> float:
        return (self.end - self.start).total_seconds()


async def _asked(
    centre: Here,
    *,
    start: From = None,
    end: To = None,
    by: By = "device",
    kind: Text | None = None,
    area: Text | None = None,
    id: Text | None = None,  # noqa: A002  the API's word
) -> Asked:
    now = centre.now()
    start, end = span_of(start, min(end, now) if end else now, now, MONTH)
    filters = {"from": start, "to": end, "kind": kind, "area": area, "id": id}
    counted = [counted_of(row) for row in await centre.rows(queries.AVAILABILITY, filters)]
    return Asked(start=start, end=end, by=by, counted=counted)


async def availability(asked: Annotated[Asked, Depends(_asked)]) -> Availability:
    """Seconds in six buckets that always sum to the span; by default of the last 30 days. The future is left out.

    What no row covers, before the first and behind the last judgement, was not seen. `availability` is of the time that
    was seen and not announced work; `availability_own` leaves out what was upstream or the power's fault.
    """
    span = asked.span_seconds
    rows, least = grouped(asked.counted, asked.by, span), worst(asked.counted, span)
    return Availability.model_construct(start=asked.start, end=asked.end, by=asked.by, items=rows, worst=least)


async def availability_csv(centre: Here, asked: Annotated[Asked, Depends(_asked)]) -> Response:
    """The same as a sheet for the monthly report, its header in the city's language."""
    sheet = render_csv(grouped(asked.counted, asked.by, asked.span_seconds), centre.settings.language)
    name = sheet_name(asked.start, asked.end, ZoneInfo(centre.settings.time_zone))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(sheet, media_type=f"{CSV}; charset=utf-8", headers=headers)
