"""GET /: the first page; the browser fills it from the live stream."""

import json

from fastapi.responses import HTMLResponse

from dashboards.auth import Who
from dashboards.centre import Here
from dashboards.pages import render
from dashboards.words import Language, kind_words, metric_words, words
from devices.kinds import KINDS
from devices.tamper import Tamper

# Asked for by whoever looks closer; the first page has no room for all that a camera says. And a frame's age when it
# was reported, beside the age of the data, would call a picture fresh that is not: the data's is the picture's.
NOT_SHOWN = {"frame_age_seconds", "sharpness", "masked_motion_ratio", "people", "vehicles"}


async def first_page(centre: Here, visitor: Who, lang: Language | None = None) -> HTMLResponse:
    """Counts, devices by kind, their newest readings and how old they are."""
    settings = centre.settings
    language = lang or settings.language
    given = {
        "language": language,
        "time_zone": settings.time_zone,
        "words": words(language),
        "kinds": _kinds(language),
    }
    page = render(
        "page.html",
        title=settings.title,
        language=language,
        zone=settings.zone_label,
        words=words(language),
        visitor=visitor.name,
        given=json.dumps(given, ensure_ascii=False),
    )
    return HTMLResponse(page)


def _kinds(language: Language) -> dict[str, object]:
    """What the page must know of each kind: its name, how often it speaks, its metrics with name and unit.

    A metric that is a `fault` is shown only while it is true, in one column with the others.
    """
    return {
        kind.name: {
            "name": kind_words(language).get(kind.name, kind.name),
            "interval_seconds": kind.interval_seconds,
            "metrics": {
                metric.name: {
                    "name": metric_words(language).get(metric.name, metric.name),
                    "unit": metric.unit,
                    "fault": metric.name in set(Tamper),
                }
                for metric in kind.metrics.values()
                if metric.name not in NOT_SHOWN
            },
        }
        for kind in KINDS.values()
    }
