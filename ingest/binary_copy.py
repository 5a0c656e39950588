"""Rows of the table `reading` as PostgreSQL's binary COPY wants them. Pure.

Format: PostgreSQL documentation, COPY, "Binary Format": signature, flags, header extension; per row the count of fields
and per field its length and bytes, all big-endian; a trailer of -1. A timestamptz is microseconds since 2000-01-01 UTC.
psycopg could write rows itself; one struct per row costs an eighth of it, and this is the hottest line of ingest.
"""

import struct
from collections.abc import Iterable

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
TRAILER = struct.pack("!h", -1)
# fields, then length and value of: series_id int4, time timestamptz, value float8
ROW = struct.Struct("!hiiiqid")
POSTGRES_EPOCH_US = 946_684_800_000_000


def reading_rows(rows: Iterable[tuple[int, int, float]]) -> bytes:
    """The whole COPY stream for rows of (series_id, time in epoch microseconds, value)."""
    pack = ROW.pack
    packed = [pack(3, 4, series_id, 8, time_us - POSTGRES_EPOCH_US, 8, value) for series_id, time_us, value in rows]
    return b"".join((SIGNATURE, *packed, TRAILER))
