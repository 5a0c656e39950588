"""Encoded video, cut into RTP payloads once, to be replayed for ever."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessUnit:
    """One coded picture as the RTP payloads that carry it, in order. A viewer can begin at a key frame only."""

    payloads: tuple[bytes, ...]
    is_key: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A loop of pictures, the first a key frame, and what SDP must say of them.

    `encoding` is the name in a=rtpmap, `parameters` the text of a=fmtp: nothing outside the encoder and its payload
    format knows the codec. The RTP clock is 90 kHz, as for all video.
    """

    encoding: str
    parameters: str
    fps: int
    units: tuple[AccessUnit, ...]
