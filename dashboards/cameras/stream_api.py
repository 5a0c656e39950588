"""GET /api/v1/cameras/{id}/stream.mjpg: a camera's pictures as they come."""

import asyncio
from typing import Annotated

from fastapi import Header
from fastapi.responses import Response

from dashboards.auth import Who
from dashboards.cameras.captions import Captions
from dashboards.cameras.channel import Channel
from dashboards.cameras.looking import Looking
from dashboards.cameras.multipart import Framing
from dashboards.cameras.named import name_of
from dashboards.cameras.shapes import What
from dashboards.cameras.stream import PictureStream
from dashboards.centre import Here
from dashboards.parameters import DeviceId
from dashboards.words import Language


async def stream(
    centre: Here,
    looker: Looking,
    visitor: Who,
    id: DeviceId,  # noqa: A002  the contract's path parameter
    lang: Language | None = None,
    accept: Annotated[str | None, Header()] = None,
) -> Response:
    """Each new frame as a part with X-Captured-At; while there is none fresh, a hatched placard that says since when.

    A browser that draws it (`Accept: image/…`) is sent the parts without their times. A slow client skips frames. The
    stream ends when its token does, and when nothing is taken of it for 30 seconds.
    """
    settings = centre.settings
    channel = Channel(
        camera=id,
        name=await name_of(centre, id),
        folder=centre.frames_dir,
        captions=Captions.of(settings, lang),
        fresh_seconds=settings.frame_fresh_seconds,
        poll_seconds=settings.stream_poll_seconds,
        repeat_seconds=settings.heartbeat_seconds,
        noted=lambda: looker.notes(id, What.STREAM),
        now=centre.now,
        clock=asyncio.get_running_loop().time,
    )
    framing, viewers = Framing.for_accept(accept), centre.live.viewers
    return PictureStream(channel.pictures, framing, viewers, visitor.token, visitor.holder)
