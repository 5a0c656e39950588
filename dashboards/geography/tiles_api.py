"""GET /api/v1/tiles.pmtiles: the tiles under the map, a few kilobytes of a large file at a time."""

import asyncio
import os
import re
from pathlib import Path
from typing import Annotated

from fastapi import Header
from fastapi.responses import FileResponse, Response

from dashboards.centre import Here
from dashboards.problem import Problem

MEDIA_TYPE = "application/vnd.pmtiles"
# Under the same ETag it is the same file; a browser asks again after a day.
CACHING = "private, max-age=86400"
# One range of RFC 9110, section 14.1.2: from, to, both; or the last so many.
RANGE = re.compile(r"bytes=(?P<first>\d{0,15})-(?P<last>\d{0,15})", re.ASCII | re.IGNORECASE)


async def tiles(centre: Here, asked: Annotated[str | None, Header(alias="Range", max_length=100)] = None) -> Response:
    """The city's PMTiles file; with `Range`, one range of its bytes (206)."""
    file = centre.city.geography.tiles_file
    if file is None:
        raise Problem(404, ("Kota ini tidak mempunyai ubin peta sendiri.", "This city has no tiles of its own."))
    found = await asyncio.to_thread(_stat, file)
    if asked is not None and not satisfiable(asked, found.st_size):
        detail = (
            f"Satu rentang byte dari {found.st_size} yang ada boleh diminta.",
            f"One range of bytes of the {found.st_size} that there are may be asked for.",
        )
        raise Problem(416, detail, headers={"Content-Range": f"bytes */{found.st_size}"})
    return FileResponse(file, media_type=MEDIA_TYPE, stat_result=found, headers={"Cache-Control": CACHING})


def satisfiable(asked: str, size: int) -> bool:
    """Whether a Range header asks for one range, of which there is anything."""
    found = RANGE.fullmatch(asked.strip())
    if found is None:
        return False
    first, last = found["first"], found["last"]
    if not first:
        return bool(last) and int(last) > 0
    return int(first) < size and (not last or int(first) <= int(last))


def _stat(file: Path) -> os.stat_result:
    try:
        return file.stat()
    except OSError as error:
        raise Problem(503, ("Ubin peta sedang tidak dapat dibaca.", "The tiles cannot be read at present.")) from error
