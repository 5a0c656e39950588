"""Pure: the video track in a stream's description (RFC 4566)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Static payload types that need no rtpmap (RFC 3551, 6).
STATIC_TYPES = {"26": "JPEG", "32": "MPV"}
# What changes when the pictures' size does: parameter sets (RFC 6184, 8.1; RFC 7798, 7.1), MPEG-4's configuration
# (RFC 6416, 7.1), and sizes as 3GPP TS 26.234 and some makers write them.
_SHAPES = re.compile(r"sprop-[a-z-]+=[^;\s]+|config=[0-9a-fA-F]+|(?:framesize|x-dimensions|cliprect):.+")


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoTrack:
    """`codec` as in rtpmap, upper case: H264, H265, JPEG; "" where the camera does not say.

    `frames_per_second` is the camera's word, None where it gives none. `shape` is whatever it says of the pictures'
    size, in an order that does not depend on the camera's. `control` is the track's own address, perhaps relative.
    """

    codec: str
    frames_per_second: float | None
    shape: tuple[str, ...]
    control: str


def video_track(description: bytes) -> VideoTrack | None:
    """The first video track, the one that OpenCV plays; None where there is none.

    Raises ValueError for what is no SDP.
    """
    text = description.decode("utf-8", "replace")
    if not text.startswith("v="):
        raise ValueError("no SDP")
    # Some cameras write "m=video" with a lone line feed.
    sections = re.split(r"^m=", text.replace("\r", ""), flags=re.MULTILINE)[1:]
    for section in sections:
        if section.startswith("video "):
            return _track(section.split("\n"))
    return None


def _track(lines: list[str]) -> VideoTrack:
    attributes = [line.removeprefix("a=").strip() for line in lines if line.startswith("a=")]
    return VideoTrack(
        codec=_codec(lines[0].split(), attributes),
        frames_per_second=_number(_value(attributes, "framerate")),
        shape=tuple(sorted(found for attribute in attributes for found in _SHAPES.findall(attribute))),
        control=_value(attributes, "control"),
    )


def _codec(media: list[str], attributes: Iterable[str]) -> str:
    """By the first payload type of the media line: video, port, protocol, types."""
    kind = media[3] if len(media) > 3 else ""
    for attribute in attributes:
        found = re.match(rf"rtpmap:{re.escape(kind)} ([^/\s]+)/", attribute)
        if kind and found:
            return found[1].upper()
    return STATIC_TYPES.get(kind, "")


def _value(attributes: Iterable[str], name: str) -> str:
    """Of the first attribute of that name; "" without one."""
    return next((value for key, _, value in (each.partition(":") for each in attributes) if key == name), "").strip()


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,4}(\.\d{1,6})?", text) else None
