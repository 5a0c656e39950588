"""How media may travel: the Transport header of a SETUP (RFC 2326 12.39)."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Of RTP and RTCP, interleaved in the RTSP connection."""

    media: int
    control: int

    def __str__(self) -> str:
        return f"RTP/AVP/TCP;unicast;interleaved={self.media}-{self.control}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The client's UDP ports for RTP and RTCP, at the address its connection comes from and at no other."""

    media: int
    control: int

    def __str__(self) -> str:
        return f"RTP/AVP;unicast;client_port={self.media}-{self.control}"


_PAIR = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")


def first_acceptable(transport: str) -> Channels | Ports | None:
    """The first of a client's offers that can be met: unicast, over TCP or UDP."""
    offers = map(_accepted, transport.split(","))
    return next((offer for offer in offers if offer is not None), None)


def _accepted(offer: str) -> Channels | Ports | None:
    profile, *parameters = offer.strip().split(";")
    if "multicast" in parameters:
        return None
    values = dict(parameter.partition("=")[::2] for parameter in parameters)
    match profile.upper():
        case "RTP/AVP/TCP":
            media, control = _pair(values.get("interleaved", "0-1"), limit=255)
            return Channels(media=media, control=control) if media != control else None
        case "RTP/AVP" | "RTP/AVP/UDP":
            media, control = _pair(values.get("client_port", ""), limit=65535)
            return Ports(media=media, control=control) if 0 < media != control else None
    return None


def _pair(text: str, limit: int) -> tuple[int, int]:
    """Both numbers of a range, of which the second may be left out; twice the same for what is none."""
    found = _PAIR.fullmatch(text)
    if found is None:
        return 0, 0
    first = int(found[1])
    second = int(found[2]) if found[2] else first + 1
    return (first, second) if max(first, second) <= limit else (0, 0)
