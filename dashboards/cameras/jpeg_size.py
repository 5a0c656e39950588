"""Pure: how large a JPEG is, from its first bytes (ITU-T T.81, annex B)."""

START = b"\xff\xd8"
# SOF0 to SOF15, without the three of that row that begin no frame: DHT, JPG, DAC.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# RST0 to RST7, SOI, EOI, and below SOF0; 0xFF only fills. None has a length, so that whoever reads one there is led
# past the true size, to any that somebody wrote behind it.
BARE = frozenset(range(0xC0)) | frozenset(range(0xD0, 0xDA)) | {0xFF}


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, each at least 1, or None where this is no whole header of a JPEG."""
    at = len(START)
    if not data.startswith(START):
        return None
    # A segment: 0xFF, its marker, its length with these two bytes; a frame's: precision, height, width.
    while at + 9 <= len(data) and data[at] == 0xFF and data[at + 1] not in BARE:
        if data[at + 1] in FRAMES:
            height, width = int.from_bytes(data[at + 5 : at + 7]), int.from_bytes(data[at + 7 : at + 9])
            return (width, height) if width and height else None
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
