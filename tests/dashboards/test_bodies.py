"""How large a body may be is asked of its Content-Length before any of it is read, in whatever way that is spelled."""

import asyncio

from dashboards.routing import BODY_MAX_BYTES
from tests.patience import PATIENCE_SECONDS

SPELLINGS = (f"{BODY_MAX_BYTES + 1}", f"{BODY_MAX_BYTES + 1:020}", "9" * 18)


async def _status(url: str, length: str) -> bytes:
    """The answer to a login that declares so long a body, and sends none of it."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(f"POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n".encode())
        return (await asyncio.wait_for(reader.readline(), PATIENCE_SECONDS)).split()[1]
    finally:
        writer.close()
        await writer.wait_closed()


async def test_no_spelling_of_its_length_lets_a_large_body_in(url: str) -> None:
    assert [await _status(url, length) for length in SPELLINGS] == [b"413"] * len(SPELLINGS)
