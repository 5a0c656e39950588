import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.rtsp.requests import (
    MAX_HEAD_BYTES,
    BadRequestError,
    Request,
    Response,
    parse_request,
    read_request,
)

OPTIONS = b"OPTIONS rtsp://host/cam-01 RTSP/1.0\r\nCSeq: 1\r\n\r\n"


async def read_all(sent: bytes) -> list[Request]:
    reader = asyncio.StreamReader(limit=MAX_HEAD_BYTES)
    reader.feed_data(sent)
    reader.feed_eof()
    requests = []
    while request := await read_request(reader):
        requests.append(request)
    return requests


def test_a_request_is_its_method_its_uri_and_its_headers_by_lower_case_name() -> None:
    request = parse_request(b"SETUP rtsp://h/c RTSP/1.0\r\nCSeq: 7\r\nTransport:  RTP/AVP/TCP;a:b \r\n\r\n")
    assert (request.method, request.uri, request.cseq) == ("SETUP", "rtsp://h/c", "7")
    assert request.headers["transport"] == "RTP/AVP/TCP;a:b"


@pytest.mark.parametrize(
    "head",
    [
        b"\r\n\r\n",
        b"hello\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"OPTIONS * RTSP/2.0\r\nCSeq: 1\r\n\r\n",
        b"OPTIONS  * RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        b"OPTIONS * RTSP/1.0\r\n\r\n",
        b"OPTIONS * RTSP/1.0\r\nCSeq: one\r\n\r\n",
        b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nno colon\r\n\r\n",
        b"OPTIONS * RTSP/1.0\r\nCSeq: 1\nX-Injected: 1\r\n\r\n",
        b"OPTIONS *\nX: 1 RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        b"OPTIONS \xff RTSP/1.0\r\nCSeq: 1\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(head: bytes) -> None:
    with pytest.raises(BadRequestError):
        parse_request(head)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_bad_request(junk: bytes) -> None:
    try:
        parse_request(junk)
    except BadRequestError:
        return


async def test_requests_on_one_connection_come_one_after_the_other() -> None:
    assert [request.method for request in await read_all(OPTIONS + OPTIONS)] == ["OPTIONS", "OPTIONS"]


async def test_a_clients_own_reports_between_requests_are_passed_over() -> None:
    assert len(await read_all(b"$\x01\x00\x04\r\n\r\n" + OPTIONS + b"$\x01\x00\x00" + OPTIONS)) == 2


async def test_the_body_of_a_request_is_passed_over() -> None:
    asking = b"GET_PARAMETER rtsp://h/c RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 8\r\n\r\nposition"
    assert [request.method for request in await read_all(asking + OPTIONS)] == ["GET_PARAMETER", "OPTIONS"]


@pytest.mark.parametrize("length", ["-1", "eight", "99999", "8193", "1e3", ""])
async def test_a_body_of_no_sensible_length_is_refused(length: str) -> None:
    with pytest.raises(BadRequestError):
        await read_all(f"OPTIONS * RTSP/1.0\r\nCSeq: 2\r\nContent-Length: {length}\r\n\r\n".encode())


@pytest.mark.parametrize("cut", [0, 1, 20, len(OPTIONS) - 1])
async def test_a_client_that_leaves_in_the_middle_of_a_request_has_left(cut: int) -> None:
    assert await read_all(OPTIONS[:cut]) == []


async def test_a_head_without_end_is_refused_at_the_limit() -> None:
    with pytest.raises(BadRequestError):
        await read_all(b"OPTIONS * RTSP/1.0\r\nX: " + b"a" * 2 * MAX_HEAD_BYTES)


def test_a_response_carries_the_requests_number_and_its_own_length() -> None:
    response = Response(headers={"Content-Type": "application/sdp"}, body=b"v=0\r\n")
    assert response.encode("3") == (
        b"RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n"
    )


def test_a_response_to_an_unreadable_request_has_no_number() -> None:
    assert Response(status=400).encode(None) == b"RTSP/1.0 400 Bad Request\r\n\r\n"
