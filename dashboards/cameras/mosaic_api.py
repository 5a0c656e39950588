"""GET /api/v1/mosaic.jpg: many cameras in one picture."""

import asyncio
from typing import Annotated, TypeAlias

from fastapi import Query
from fastapi.responses import Response
from pydantic import AfterValidator

from dashboards.cameras import queries
from dashboards.cameras.captions import Captions
from dashboards.cameras.looking import Looking
from dashboards.cameras.mosaic import Grid, Mosaic, Order, Painter
from dashboards.cameras.picture_answer import JPEG
from dashboards.cameras.shapes import What
from dashboards.cameras.sharing import Busy
from dashboards.centre import Centre, Here
from dashboards.parameters import Text, storable
from dashboards.problem import RETRY_SECONDS, Problem
from dashboards.words import Language, Sentence

CAMERAS_MAX = 100
COLUMNS_MAX = 20

Columns = Annotated[int, Query(ge=1, le=COLUMNS_MAX)]
Width = Annotated[int, Query(ge=160, le=3_840)]
# Ids of at most 64 characters, with commas between them.
Ids = Annotated[str, AfterValidator(storable), Query(max_length=CAMERAS_MAX * 65)]
Named: TypeAlias = tuple[tuple[str, str], ...]


async def mosaic(
    centre: Here,
    looker: Looking,
    *,
    columns: Columns | None = None,
    width: Width = 1_280,
    area: Text | None = None,
    ids: Ids | None = None,
    lang: Language | None = None,
) -> Response:
    """Cameras in the order of `ids` (a comma between two), else of their ids; at most 100. A tile without a fresh frame
    is hatched and says since when; the old picture is never shown. Without `columns` there are about as many as rows.
    """
    cameras = await _cameras(centre, area, list(dict.fromkeys(ids.split(","))) if ids else None)
    try:
        grid = Grid.of(len(cameras), columns, width)
    except ValueError as error:
        raise Problem(422, _too_small(len(cameras), error)) from error
    order = Order(cameras=cameras, grid=grid, language=lang or centre.settings.language)
    try:
        drawn = await centre.mosaics.get(order, lambda: draw(centre, order))
    except Busy as error:
        detail = ("Terlalu banyak mosaik yang berbeda sedang digambar.", "Too many different mosaics are being drawn.")
        raise Problem(503, detail, headers={"Retry-After": RETRY_SECONDS}) from error
    looker.note(drawn.shown, What.MOSAIC)
    return Response(drawn.jpeg, media_type=JPEG)


async def draw(centre: Centre, order: Order) -> Mosaic:
    settings = centre.settings
    painter = Painter(
        folder=centre.frames_dir,
        captions=Captions.of(settings, order.language),
        fresh_seconds=settings.frame_fresh_seconds,
    )
    return await asyncio.to_thread(painter.mosaic, order.cameras, order.grid, centre.now())


async def _cameras(centre: Centre, area: str | None, ids: list[str] | None) -> Named:
    """Id and name of each. Raises Problem where there is none, one is not there, or more than are drawn."""
    rows = await centre.rows(queries.NAMED_CAMERAS, {"area": area, "ids": ids, "limit": CAMERAS_MAX + 1})
    names = {row["id"]: row["name"] for row in rows}
    if len(names) > CAMERAS_MAX or len(ids or ()) > CAMERAS_MAX:
        raise Problem(
            422,
            (
                f"Lebih dari {CAMERAS_MAX} kamera untuk ditampilkan: pilih kecamatan, atau id.",
                f"There are more than {CAMERAS_MAX} cameras to show: choose an area, or ids.",
            ),
        )
    missing = [camera for camera in ids or () if camera not in names]
    if missing or not names:
        raise Problem(
            404, _missing(missing[0]) if missing else ("Tidak ada kamera di sini.", "There is no camera here.")
        )
    return tuple((camera, names[camera]) for camera in ids or names)


def _missing(camera: str) -> Sentence:
    return f"Tidak ada kamera dengan id {camera} di sini.", f"No camera here has the id {camera}."


def _too_small(cameras: int, why: object) -> Sentence:
    return f"{cameras} kamera tidak muat: pilih lebar atau kolom lain.", f"With {cameras} cameras {why}."
