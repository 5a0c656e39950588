"""Pure: RTSP 1.0 requests and answers (RFC 2326, 6 and 7)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MAX_HEAD_BYTES = 16 * 1024
MAX_BODY_BYTES = 64 * 1024
END_OF_HEAD = b"\r\n\r\n"
# Whatever bytes a camera's realm is made of, they go back, and into the hash, as they came.
TEXT = ("utf-8", "surrogateescape")

# RFC 2326, 10.12: a packet of the stream between the answers, with its channel and length.
PACKET_MARK = b"$"
PACKET_HEAD_BYTES = 4

_STATUS_LINE = re.compile(r"RTSP/1\.\d (\d{3})(?: |$)")
_VERSION = b"RTSP/1."


class NotRtspError(ValueError):
    """What came is no RTSP answer; the message says in which way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`headers` by lower-case name, each with all its values in order, for a camera may challenge us twice."""

    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first value, or "" where there is none."""
        return self.headers.get(name, ("",))[0]


def request(method: str, uri: str, sequence: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {uri} RTSP/1.0", f"CSeq: {sequence}", "User-Agent: pantau"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode(*TEXT)


def begins_like_rtsp(received: bytes) -> bool:
    """Whether what came so far can still become an answer."""
    return received[: len(_VERSION)] == _VERSION[: len(received)]


def parse_head(head: bytes) -> Answer:
    """The answer without its body, from all bytes before the empty line. Raises NotRtspError."""
    status_line, *lines = head.decode(*TEXT).split("\r\n")
    status = _STATUS_LINE.match(status_line)
    if status is None:
        raise NotRtspError("no RTSP status line")
    headers: dict[str, tuple[str, ...]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise NotRtspError("a header without a colon")
        key = name.strip().lower()
        headers[key] = (*headers.get(key, ()), value.strip())
    return Answer(status=int(status[1]), headers=headers)


def body_length(answer: Answer) -> int:
    """As announced; 0 where nothing is (RFC 2326, 4.4). Raises NotRtspError for no number, or more than we read."""
    announced = answer.header("content-length") or "0"
    if not (announced.isascii() and announced.isdigit()) or int(announced) > MAX_BODY_BYTES:
        raise NotRtspError("a body of no reasonable length")
    return int(announced)
