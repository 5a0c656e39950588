"""What encoders give: NAL units in a byte stream (H.264 and H.265, annex B of either)."""

import re

_START_CODE = re.compile(rb"\x00{2,}\x01")


def nal_units(stream: bytes) -> list[bytes]:
    """The NAL units of the stream; zeros around a start code belong to no unit."""
    return [unit for unit in _START_CODE.split(stream.rstrip(b"\x00")) if unit]
