"""The bytes of a COPY, against the real PostgreSQL and against psycopg's own writer."""

from datetime import UTC, datetime, timedelta
from struct import pack

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.binary_copy import reading_rows

Row = tuple[int, int, float]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BACK = "select series_id, (extract(epoch from time) * 1000000)::bigint, float8send(value) from staged"
ROWS: list[Row] = [
    (1, 0, 0.0),
    (2, 1, -0.0),
    (3, -1, 5e-324),
    (4, 1_795_230_000_000_001, -5e-324),
    (5, 1_795_230_000_999_999, 1.7976931348623157e308),
    (6, 946_684_800_000_000, 2.2250738585072014e-308),
    (7, 946_684_799_999_999, -21.4),
    (2**31 - 1, -62_135_596_800_000_000, 0.1),  # 0001-01-01
    (-(2**31), 253_402_300_799_999_999, 1e18),  # 9999-12-31T23:59:59.999999
]


@pytest.fixture
def connection(database_url: str) -> psycopg.Connection:
    connection = psycopg.connect(database_url, autocommit=True)
    connection.execute("create temporary table staged (series_id integer, time timestamptz, value float8)")
    return connection


def copied(connection: psycopg.Connection, data: bytes) -> list[tuple[int, int, bytes]]:
    with connection, connection.cursor() as cursor:
        with cursor.copy("copy staged from stdin (format binary)") as copy:
            copy.write(data)
        return cursor.execute(BACK).fetchall()


def test_every_row_is_read_back_to_the_last_bit(connection: psycopg.Connection) -> None:
    expected = [(series, time_us, pack("!d", value)) for series, time_us, value in ROWS]
    assert copied(connection, reading_rows(ROWS)) == expected


def test_no_rows_are_a_whole_stream_too(connection: psycopg.Connection) -> None:
    assert copied(connection, reading_rows([])) == []


@given(
    st.lists(
        st.tuples(
            st.integers(-(2**31), 2**31 - 1),
            st.integers(-62_135_596_800_000_000, 253_402_300_799_999_999),
            st.floats(allow_nan=False, allow_infinity=False),
        )
    )
)
def test_a_row_is_written_as_psycopg_writes_it(rows: list[Row]) -> None:
    """The dumpers of psycopg are the second opinion on each field."""
    dumpers = [
        psycopg.types.numeric.Int4BinaryDumper(int),
        psycopg.types.datetime.DatetimeBinaryDumper(datetime),
        psycopg.types.numeric.FloatBinaryDumper(float),
    ]
    expected = b"PGCOPY\n\xff\r\n\0" + bytes(8)
    for series, time_us, value in rows:
        expected += pack("!h", 3)
        for dumper, field in zip(dumpers, (series, EPOCH + timedelta(microseconds=time_us), value), strict=True):
            dumped = bytes(dumper.dump(field) or b"")
            expected += pack("!i", len(dumped)) + dumped
    assert reading_rows(rows) == expected + b"\xff\xff"
