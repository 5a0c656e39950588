"""Pure: one gzip stream (RFC 1952) per client, put together of blocks that all clients share."""

import zlib

# No name, no time, an unknown system.
HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LEVEL = 6
WINDOW_BITS = -15
MEMORY_LEVEL = 9


def block(data: bytes) -> bytes:
    """A part of a deflate stream (RFC 1951) that refers to nothing before it and ends on a byte.

    So it may stand in any client's stream, whatever was sent to him until then. A stream has no trailer: it ends as one
    that was cut ends, and whoever reads it connects again in either case.
    """
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, WINDOW_BITS, MEMORY_LEVEL)
    return compressor.compress(data) + compressor.flush(zlib.Z_FULL_FLUSH)
