"""GET /api/v1/summary: the city in one glance."""

from dashboards import queries
from dashboards.centre import Here
from dashboards.seen import Word, count_states, judgement, summarise
from dashboards.shapes import Summary


async def summary(centre: Here) -> Summary:
    """Counts by kind and state now.

    `incidents_open` counts alerts firing or acknowledged: until alerts are grouped, each is an incident of its own.
    """
    evidence = await centre.rows(queries.EVIDENCE)
    newest = await centre.row(queries.NEWEST)
    firing = await centre.row(queries.COUNT_FIRING)
    now = centre.now()
    return summarise(
        count_states(
            (row["kind"], judgement(row["kind"], Word.of(row), row["last_seen"], now).state) for row in evidence
        ),
        newest or {},
        incidents_open=firing["count"] if firing else 0,
        blind_after_seconds=centre.settings.blind_after_seconds,
        now=now,
    )
