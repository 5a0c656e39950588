"""GET /api/v1/cameras/{id}/frame.jpg: a camera's latest picture with the time it was taken, or none."""

import asyncio
from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from dashboards.cameras import latest
from dashboards.cameras.freshness import is_fresh
from dashboards.cameras.latest import Frame
from dashboards.cameras.looking import Looking
from dashboards.cameras.named import name_of
from dashboards.cameras.picture_answer import IfNoneMatch, picture_answer
from dashboards.cameras.reduced import narrowed
from dashboards.cameras.shapes import What
from dashboards.cameras.sharing import Busy
from dashboards.centre import Centre, Here
from dashboards.parameters import DeviceId
from dashboards.problem import RETRY_SECONDS, Problem

NO_FRAME = ("Tidak ada gambar dari kamera ini.", "There is no frame of this camera.")

Width = Annotated[int, Query(ge=160, le=1_920)]


async def frame(
    centre: Here,
    looker: Looking,
    id: DeviceId,  # noqa: A002  the contract's path parameter
    *,
    width: Width | None = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The latest frame; 503 where there is none, or it is older than frame_fresh_seconds: old is never shown as now.

    No wider than `width`, made smaller once for all who ask. 304 for a client that has this very frame by its ETag, and
    only while the frame is fresh.
    """
    await name_of(centre, id)
    found = await asyncio.to_thread(latest.read, centre.frames_dir, id)
    if found is None:
        raise Problem(503, NO_FRAME)
    now = centre.now()
    if not is_fresh(found.captured_at, now, centre.settings.frame_fresh_seconds):
        age = (now - found.captured_at).total_seconds()
        members = {"captured_at": found.captured_at.isoformat()}
        raise Problem(
            503, (f"Gambar terakhir berumur {age:.0f} detik.", f"The latest frame is {age:.0f} s old."), members=members
        )
    jpeg = found.jpeg if width is None else await _narrowed(centre, id, found, width)
    looker.note([id], What.FRAME)
    return picture_answer(jpeg, found.captured_at, if_none_match)


async def _narrowed(centre: Centre, camera: str, frame: Frame, width: int) -> bytes:
    try:
        jpeg = await centre.narrowed.get(
            (camera, frame.captured_at, width), lambda: asyncio.to_thread(narrowed, frame.jpeg, width)
        )
    except Busy as error:
        detail = ("Terlalu banyak gambar sedang dikecilkan.", "Too many frames are being made smaller.")
        raise Problem(503, detail, headers={"Retry-After": RETRY_SECONDS}) from error
    if jpeg is None:
        raise Problem(503, NO_FRAME)
    return jpeg
