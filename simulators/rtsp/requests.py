"""RTSP 1.0 on the wire (RFC 2326): requests read and parsed, responses written."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_HEAD_BYTES = 8192
MAX_BODY_BYTES = 8192

REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
    501: "Not Implemented",
    503: "Service Unavailable",
}


class BadRequestError(Exception):
    """These bytes are not an RTSP request; what follows them cannot be trusted either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`headers` by lower-case name."""

    method: str
    uri: str
    headers: Mapping[str, str]

    @property
    def cseq(self) -> str:
        return self.headers["cseq"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def encode(self, cseq: str | None) -> bytes:
        """The bytes to send; `cseq` is the request's (12.17), None when that could not be read."""
        lines = [f"RTSP/1.0 {self.status} {REASONS[self.status]}"]
        lines += [f"CSeq: {cseq}"] if cseq is not None else []
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [f"Content-Length: {len(self.body)}"] if self.body else []
        return "\r\n".join([*lines, "", ""]).encode() + self.body


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request, or None when the client has left, be it in the middle of one.

    Passes over the binary data that clients interleave on the same connection (10.12: their RTCP reports), and over a
    request's body. Raises BadRequestError, also for a head longer than the reader's limit.
    """
    try:
        while (first := await reader.readexactly(1)) == b"$":
            header = await reader.readexactly(3)
            await reader.readexactly(int.from_bytes(header[1:]))
        request = parse_request(first + await reader.readuntil(b"\r\n\r\n"))
        await reader.readexactly(_body_bytes(request))
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError as too_long:
        raise BadRequestError("the head of the request is too long") from too_long
    return request


def parse_request(head: bytes) -> Request:
    """A request from its first line to the empty line after its headers. Raises BadRequestError."""
    try:
        first, *lines = head.decode().removesuffix("\r\n\r\n").split("\r\n")
    except UnicodeDecodeError as not_text:
        raise BadRequestError("the request is not text") from not_text
    match first.split(" "):
        case [method, uri, "RTSP/1.0"] if method and uri and first.isprintable():
            return Request(method=method, uri=uri, headers=_headers(lines))
        case _:
            raise BadRequestError("the first line is not: method, URI, RTSP/1.0")


def _headers(lines: list[str]) -> dict[str, str]:
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not (name and colon and line.isprintable()):
            raise BadRequestError("a header is not: name, colon, value")
        headers[name.strip().lower()] = value.strip()
    if not re.fullmatch(r"[0-9]{1,10}", headers.get("cseq", "")):
        raise BadRequestError("no CSeq")
    return headers


def _body_bytes(request: Request) -> int:
    length = request.headers.get("content-length", "0")
    if not re.fullmatch(r"[0-9]{1,5}", length) or int(length) > MAX_BODY_BYTES:
        raise BadRequestError("the body is too long, or its length is not a number")
    return int(length)
