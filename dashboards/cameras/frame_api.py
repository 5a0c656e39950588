"""GET /api/v1/cameras/{id}/frame.jpg: a camera's latest picture with the time it was taken, or none."""

import asyncio

from fastapi.responses import Response

from dashboards.cameras import latest
from dashboards.cameras.freshness import is_fresh
from dashboards.cameras.looking import Looking
from dashboards.cameras.named import name_of
from dashboards.cameras.picture_answer import IfNoneMatch, picture_answer
from dashboards.cameras.shapes import What
from dashboards.centre import Here
from dashboards.parameters import DeviceId
from dashboards.problem import Problem


async def frame(
    centre: Here,
    looker: Looking,
    id: DeviceId,  # noqa: A002  the contract's path parameter
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The latest frame; 503 where there is none, or it is older than frame_fresh_seconds: old is never shown as now.

    304 for a client that has this very frame by its ETag, and only while the frame is fresh.
    """
    await name_of(centre, id)
    found = await asyncio.to_thread(latest.read, centre.frames_dir, id)
    if found is None:
        raise Problem(503, "There is no frame of this camera.")
    now = centre.now()
    if not is_fresh(found.captured_at, now, centre.settings.frame_fresh_seconds):
        age = (now - found.captured_at).total_seconds()
        members = {"captured_at": found.captured_at.isoformat()}
        raise Problem(503, f"The latest frame is {age:.0f} s old.", members=members)
    looker.note([id], What.FRAME)
    return picture_answer(found.jpeg, found.captured_at, if_none_match)
