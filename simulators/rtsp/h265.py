"""H.265 as RTP carries it (RFC 7798): NAL units, their fragments, their SDP parameters."""

from base64 import b64encode
from collections.abc import Iterable, Iterator

IRAP = range(16, 24)  # the slices that a decoder can begin with (H.265 table 7-1)
VPS, SPS, PPS = 32, 33, 34
FU = 49


def is_key(units: Iterable[bytes]) -> bool:
    return any(_nal_type(unit) in IRAP for unit in units)


def payloads(unit: bytes, limit: int) -> Iterator[bytes]:
    """RTP payloads of at most `limit` bytes (4 or more): the unit itself (4.4.1), or its fragments (4.4.3).

    A fragment begins with the unit's two bytes of header, its type replaced by FU, and a third byte with that type.
    """
    if len(unit) <= limit:
        yield unit
        return
    header, kind = bytes((unit[0] & 0x81 | FU << 1, unit[1])), _nal_type(unit)
    step = limit - 3
    for begin in range(2, len(unit), step):
        start, end = begin == 2, begin + step >= len(unit)
        yield header + bytes((start << 7 | end << 6 | kind,)) + unit[begin : begin + step]


def sdp_parameters(units: Iterable[bytes]) -> str:
    """The a=fmtp text (7.1). Raises ValueError when the units hold no VPS, no SPS or no PPS."""
    found = {_nal_type(unit): unit for unit in units}
    if not {VPS, SPS, PPS} <= found.keys():
        raise ValueError("the encoder gave no VPS, no SPS or no PPS")
    sets = {"vps": VPS, "sps": SPS, "pps": PPS}
    return ";".join(f"sprop-{name}={b64encode(found[kind]).decode()}" for name, kind in sets.items())


def _nal_type(unit: bytes) -> int:
    return unit[0] >> 1 & 0x3F
