"""GET /api/v1/summary: the city in one glance."""

from dashboards import queries
from dashboards.centre import Here
from dashboards.seen import Judged, Standing, count_states, summarise
from dashboards.shapes import Summary


async def summary(centre: Here) -> Summary:
    """Counts by kind and state now, and how many incidents are open."""
    rows = await centre.rows(queries.STANDINGS)
    newest = await centre.row(queries.NEWEST) or {}
    incidents = await centre.row(queries.COUNT_INCIDENTS)
    now = centre.now()
    judged = Judged.of(newest.get("judged_at"), now, centre.settings.judged_fresh_seconds)
    return summarise(
        count_states((row["kind"], Standing.of(row, judged).state) for row in rows),
        newest,
        incidents_open=incidents["count"] if incidents else 0,
        judged=judged,
        blind_after_seconds=centre.settings.blind_after_seconds,
        now=now,
    )
