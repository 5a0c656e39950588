"""GET /api/v1/oncall/brief, and .txt: what the next shift must know."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import Query
from fastapi.responses import Response

from alerts.oncall import rows
from alerts.oncall.brief import Brief, render
from alerts.oncall.brief_rows import gather
from dashboards.centre import Centre, Here
from dashboards.oncall.shapes import BriefShape

TEXT = "text/plain"
Lang = Annotated[Literal["id", "en"] | None, Query()]


async def brief(centre: Here, lang: Lang = None) -> BriefShape:
    """The hand-over brief: its facts, and as `text` in `lang`, by default the city's language."""
    found = await _gathered(centre)
    facts = {name: getattr(found, name) for name in BriefShape.model_fields if name != "text"}
    return BriefShape.model_validate({**facts, "text": _text(centre, found, lang)}, from_attributes=True)


async def brief_text(centre: Here, lang: Lang = None) -> Response:
    """The same as plain text, to be printed or passed on."""
    found = await _gathered(centre)
    return Response(_text(centre, found, lang), media_type=f"{TEXT}; charset=utf-8")


async def _gathered(centre: Centre) -> Brief:
    async with centre.database() as connection:
        return await gather(connection, await rows.load(connection), centre.now())


def _text(centre: Centre, found: Brief, lang: Lang) -> str:
    return render(found, ZoneInfo(centre.settings.time_zone), lang or centre.settings.language)
