"""H.264 as RTP carries it (RFC 6184, packetization-mode 1): NAL units, their fragments, their SDP parameters."""

from base64 import b64encode
from collections.abc import Iterable, Iterator

SLICE_IDR, SPS, PPS = 5, 7, 8
FU_A = 28


def is_key(units: Iterable[bytes]) -> bool:
    return any(_nal_type(unit) == SLICE_IDR for unit in units)


def payloads(unit: bytes, limit: int) -> Iterator[bytes]:
    """RTP payloads of at most `limit` bytes (3 or more): the unit itself (5.6), or its FU-A fragments (5.8).

    The unit's first byte travels split over the two bytes before each fragment, and is not repeated in the fragments.
    """
    if len(unit) <= limit:
        yield unit
        return
    indicator, kind = unit[0] & 0xE0 | FU_A, _nal_type(unit)
    step = limit - 2
    for begin in range(1, len(unit), step):
        start, end = begin == 1, begin + step >= len(unit)
        yield bytes((indicator, start << 7 | end << 6 | kind)) + unit[begin : begin + step]


def sdp_parameters(units: Iterable[bytes]) -> str:
    """The a=fmtp text (8.1). With the parameter sets in it, a player knows the picture's size before the first packet.

    Raises ValueError when the units hold no SPS or no PPS.
    """
    found = {_nal_type(unit): unit for unit in units}
    if SPS not in found or PPS not in found:
        raise ValueError("the encoder gave no SPS or no PPS")
    sps, pps = found[SPS], found[PPS]
    sets = ",".join(b64encode(unit).decode() for unit in (sps, pps))
    return f"packetization-mode=1;profile-level-id={sps[1:4].hex().upper()};sprop-parameter-sets={sets}"


def _nal_type(unit: bytes) -> int:
    return unit[0] & 0x1F
