"""GET /api/v1/cameras/{id}/frames and /frames/{name}.jpg: the frames that were kept, and each of their pictures."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

from fastapi.responses import Response

from dashboards.cameras.kept import Wanted, kept_frames, read_kept
from dashboards.cameras.looking import Looking
from dashboards.cameras.named import name_of
from dashboards.cameras.picture_answer import IfNoneMatch, picture_answer
from dashboards.cameras.shapes import KeptFrames, KeptFrameShape, What
from dashboards.centre import Here
from dashboards.parameters import PAGE, After, DeviceId, Limit, Text, encode_cursor
from dashboards.problem import Problem
from dashboards.spans import DAY, From, To
from devices.frame_files import KeptFrame

T = TypeVar("T")

# So many day folders, and a little, are listed at most.
SPAN_MAX = timedelta(days=31)
# A browser may keep its own copy for an hour: as long as one line of the access log speaks of.
CACHING = "private, max-age=3600, immutable"


async def frames(
    centre: Here,
    id: DeviceId,  # noqa: A002  the contract's path parameter
    *,
    start: From = None,
    end: To = None,
    reason: Text | None = None,
    after: After = None,
    limit: Limit = PAGE,
) -> KeptFrames:
    """Kept frames captured in [from, to), by default in the last 24 hours, at most 31 days; the newest first.

    `reason` is `regular`, `change`, or an occasion with `-before` or `-after`: `covered-before`, `alert-after`.
    """
    await name_of(centre, id)
    end = end or centre.now()
    start = start or end - DAY
    if not timedelta() < end - start <= SPAN_MAX:
        raise Problem(
            422,
            (
                "from harus sebelum to, paling banyak 31 hari; tanpa from, dianggap 24 jam sebelum to.",
                "from must lie before to, by at most 31 days; without from, it is 24 hours before to.",
            ),
        )
    wanted = Wanted(start=start, end=end, reason=reason, before=after)
    found = await _off_disk(lambda: list(islice(kept_frames(centre.frames_dir / id, wanted), limit + 1)))
    more = len(found) > limit
    items = [_shape(id, frame) for frame in found[:limit]]
    return KeptFrames(items=items, next=encode_cursor(items[-1].name) if more else None)


async def kept_frame(
    centre: Here,
    looker: Looking,
    id: DeviceId,  # noqa: A002  the contract's path parameter
    name: str,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The picture of a kept frame. It never changes; it is gone when retention has removed it."""
    await name_of(centre, id)
    # Only what parses becomes a path, and such a name has no separator.
    frame = KeptFrame.parse(name)
    jpeg = await _off_disk(partial(read_kept, centre.frames_dir / id, frame)) if frame else None
    if frame is None or jpeg is None:
        raise Problem(404, ("Tidak ada gambar tersimpan dengan nama ini.", "No frame of this name is kept."))
    looker.note([id], What.KEPT)
    return picture_answer(jpeg, frame.captured_at, if_none_match, caching=CACHING)


async def _off_disk(read: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(read)
    except OSError as refused:
        raise Problem(
            503,
            ("Disk tempat gambar disimpan tidak dapat dibaca.", "The disk on which frames are kept cannot be read."),
        ) from refused


def _shape(camera: str, frame: KeptFrame) -> KeptFrameShape:
    return KeptFrameShape(
        name=frame.name,
        captured_at=frame.captured_at,
        reason=frame.reason,
        url=f"/api/v1/cameras/{camera}/frames/{frame.name}.jpg",
    )
