"""Encoded pictures or sound, cut into RTP payloads once, to be replayed for ever."""

from dataclasses import dataclass
from enum import StrEnum

from simulators.scenery.scene import Scene


class Codec(StrEnum):
    H264 = "h264"
    H265 = "h265"


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """What is to be recorded: a scene's loop, or, of its picture number `still`, one GOP that does not move."""

    scene: Scene
    codec: Codec = Codec.H264
    still: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What SDP says of a stream; nothing outside the encoder and its payload format knows more of the codec.

    `media` is video or audio, `encoding` the name in a=rtpmap, `parameters` the text of a=fmtp, if there is one.
    """

    media: str
    control: str
    payload_type: int
    encoding: str
    clock_hz: int
    parameters: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessUnit:
    """One coded picture (or stretch of sound) as the RTP payloads that carry it. A viewer begins at a key only."""

    payloads: tuple[bytes, ...]
    is_key: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A loop of `rate` access units a second, the first of them a key."""

    track: Track
    rate: int
    units: tuple[AccessUnit, ...]
