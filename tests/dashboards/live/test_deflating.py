"""A gzip stream that is put together of blocks which all clients share."""

import zlib
from itertools import permutations

import pytest
from starlette.datastructures import Headers

from dashboards.live.deflating import HEADER, block
from dashboards.live.event_stream import takes_gzip


def test_blocks_in_any_order_are_one_gzip_stream_and_each_is_whole_when_it_arrives() -> None:
    texts = [b'data: {"id":"p-%d"}\n\n' % number * 50 for number in range(3)]
    blocks = {text: block(text) for text in texts}
    for order in permutations(texts):
        reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
        assert reader.decompress(HEADER) == b""
        assert [reader.decompress(blocks[text]) for text in order] == list(order)


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip, deflate, br, zstd", True),
        ("*", True),
        ("deflate;q=0.5, gzip;q=1.0", True),
        ("GZip ; q=0.001", True),
        ("gzip;q=0, identity", False),
        ("gzip;q=0.000", False),
        ("identity", False),
        ("", False),
        ("gzipped", False),
    ],
)
def test_a_stream_is_compressed_only_for_whoever_takes_that(accepted: str, taken: bool) -> None:  # noqa: FBT001
    assert takes_gzip(Headers({"Accept-Encoding": accepted})) is taken
