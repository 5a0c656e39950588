"""A picture as an answer: with the time it was taken, and no more than that for whoever has it already."""

from datetime import datetime
from email.utils import format_datetime
from typing import Annotated

from fastapi import Header
from fastapi.responses import Response

from devices.frame_files import to_microseconds

JPEG = "image/jpeg"
# The tags of the pictures that a client has (RFC 9110, section 13.1.2).
IfNoneMatch = Annotated[str | None, Header()]


def picture_answer(
    jpeg: bytes, captured_at: datetime, if_none_match: str | None, *, caching: str = "no-store"
) -> Response:
    """200 with the picture, or 304 where the client has it. By default it may be stored nowhere: it shows people."""
    tag = etag(captured_at)
    headers = {**capture_headers(captured_at), "ETag": tag, "Cache-Control": caching}
    if is_had(tag, if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(jpeg, media_type=JPEG, headers=headers)


def capture_headers(captured_at: datetime) -> dict[str, str]:
    return {
        "Last-Modified": format_datetime(captured_at, usegmt=True),
        "X-Captured-At": captured_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def etag(captured_at: datetime) -> str:
    """A camera takes one frame at a time. Last-Modified, to the second, could not tell two of one second apart."""
    return f'"{to_microseconds(captured_at):x}"'


def is_had(tag: str, if_none_match: str | None) -> bool:
    """Whether the client names this picture among those it has; tags are compared weakly, as section 13.1.2 asks."""
    named = {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}
    return bool(named & {tag, "*"})
