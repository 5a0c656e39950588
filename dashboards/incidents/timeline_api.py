"""GET /api/v1/incidents/{id}/timeline: an incident told from its beginning."""

from dashboards.centre import Here
from dashboards.desk_api import Number
from dashboards.incidents import queries
from dashboards.incidents.shapes import Timeline
from dashboards.incidents.telling import happening
from dashboards.missing import NO_INCIDENT
from dashboards.parameters import PAGE, Limit, Numbered, encode_cursor
from dashboards.problem import Problem
from dashboards.words import Language


async def timeline(
    centre: Here,
    id: Number,  # noqa: A002  the contract's path parameter
    *,
    after: Numbered,
    limit: Limit = PAGE,
    lang: Language | None = None,
) -> Timeline:
    """What happened, who was told and whether it arrived, who said what: oldest first, by when it happened.

    What a phone tells later stands where it happened, and so may come between what was read before.
    """
    story = [row["id"] for row in await centre.rows(queries.STORY, {"id": id})]
    if id not in story:
        raise Problem(404, NO_INCIDENT)
    at, place = after or (None, None)
    wanted = {"incident": id, "incidents": story, "after": at, "place": place, "limit": limit + 1}
    rows = await centre.rows(queries.TIMELINE, wanted)
    language = lang or centre.settings.language
    last = rows[limit - 1] if len(rows) > limit else None
    return Timeline(
        items=[happening(row, language) for row in rows[:limit]],
        next=encode_cursor(last["at"].isoformat(), str(last["place"])) if last else None,
    )
