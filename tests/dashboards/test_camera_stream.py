"""A camera's stream on a wall: each new picture, and never an old one as if it were new."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import cv2
import httpx
import numpy as np
import pytest
from psycopg_pool import AsyncConnectionPool
from starlette.types import Message

from dashboards import metrics
from dashboards.cameras.access import AccessLog
from dashboards.cameras.captions import Captions
from dashboards.cameras.channel import PLACARD_SIZE, Channel
from dashboards.cameras.multipart import Framing, Shown
from dashboards.cameras.stream import PictureStream
from dashboards.cameras.viewers import Viewer, Viewers
from dashboards.live.live import Live
from dashboards.problem import Problem
from dashboards.rights import tokens
from dashboards.roles import Role
from dashboards.settings import DashboardsSettings
from tests.dashboards.city import START, City, Clock
from tests.dashboards.footage import BLUE, GREEN, RED, Footage, jpeg_of
from tests.patience import PATIENCE_MS, PATIENCE_SECONDS

PATH = "/api/v1/cameras/cam-01/stream.mjpg"


@dataclass(frozen=True)
class Part:
    headers: dict[str, str]
    jpeg: bytes

    @property
    def is_placard(self) -> bool:
        if "x-captured-at" in self.headers:
            return False
        picture = cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), cv2.IMREAD_COLOR)
        return picture is not None and picture.shape[1::-1] == PLACARD_SIZE


@dataclass
class Reader:
    """Takes a multipart stream apart as RFC 2046 describes it."""

    chunks: AsyncIterator[bytes]
    buffer: bytes = b""

    async def next(self) -> Part:
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = await self._until(b"\r\n\r\n")
            lines = head.decode().split("\r\n")
            assert lines.pop(0) == "--picture"
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            assert headers["content-type"] == "image/jpeg"
            jpeg = await self._bytes(int(headers["content-length"]))
            assert await self._bytes(2) == b"\r\n"
        return Part(headers, jpeg)

    async def to_the_end(self) -> None:
        """Returns when the stream ends; a picture may have been under way."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    await self.next()
                except EOFError:
                    return

    async def _until(self, end: bytes) -> bytes:
        while end not in self.buffer:
            await self._more()
        found, _, self.buffer = self.buffer.partition(end)
        return found

    async def _bytes(self, count: int) -> bytes:
        while len(self.buffer) < count:
            await self._more()
        found, self.buffer = self.buffer[:count], self.buffer[count:]
        return found

    async def _more(self) -> None:
        try:
            self.buffer += await anext(self.chunks)
        except StopAsyncIteration:
            raise EOFError from None


@asynccontextmanager
async def _watching(url: str, secret: str, query: str = "") -> AsyncIterator[Reader]:
    headers = {"Authorization": f"Bearer {secret}"}
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE_SECONDS) as client,
        client.stream("GET", PATH + query) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "multipart/x-mixed-replace; boundary=picture"
        assert answer.headers["cache-control"] == "no-store"
        yield Reader(answer.aiter_raw())


@pytest.fixture
async def camera(city: City) -> None:
    await city.add("cam-01", "camera", name="Simpang Tihang")


async def test_each_new_frame_is_sent_once_with_the_time_it_was_taken(
    camera: None, url: str, secrets: dict[Role, str], clock: Clock, footage: Footage
) -> None:
    first = footage.capture("cam-01", clock.now() - timedelta(seconds=3), jpeg_of(RED))
    async with _watching(url, secrets[Role.WALL]) as reader:
        shown = await reader.next()
        assert (shown.jpeg, shown.headers["x-captured-at"]) == (first, "2026-11-21T14:02:07.000Z")
        second = footage.capture("cam-01", clock.now(), jpeg_of(GREEN))
        shown = await reader.next()
        assert (shown.jpeg, shown.headers["x-captured-at"]) == (second, "2026-11-21T14:02:10.000Z")


async def test_a_frame_that_grows_old_gives_way_to_a_placard_until_there_is_a_new_one(
    camera: None, url: str, secrets: dict[Role, str], clock: Clock, footage: Footage
) -> None:
    footage.capture("cam-01", clock.now())
    async with _watching(url, secrets[Role.WALL]) as reader:
        assert not (await reader.next()).is_placard
        clock.pass_seconds(21)
        assert [(await reader.next()).is_placard for _ in range(3)] == [True] * 3
        back = footage.capture("cam-01", clock.now())
        while (shown := await reader.next()).is_placard:
            pass
        assert shown.jpeg == back


async def test_a_camera_never_seen_is_a_placard_from_the_first_moment(
    camera: None, url: str, secrets: dict[Role, str]
) -> None:
    async with _watching(url, secrets[Role.WALL]) as reader:
        indonesian = await reader.next()
    async with _watching(url, secrets[Role.WALL], "?lang=en") as reader:
        english = await reader.next()
    assert (indonesian.is_placard, english.is_placard) == (True, True)
    assert indonesian.jpeg != english.jpeg


async def test_a_viewer_that_does_not_read_skips_to_the_newest(
    camera: None, url: str, secrets: dict[Role, str], clock: Clock, footage: Footage
) -> None:
    """Of 200 pictures, 20 megabytes, only those are owed to him that were under way already: never a growing queue."""
    footage.capture("cam-01", clock.now())
    async with _watching(url, secrets[Role.WALL]) as reader:
        await reader.next()
        for number in range(200):
            clock.pass_seconds(0.001)
            last = footage.capture("cam-01", clock.now(), number.to_bytes() * 100_000)
            await asyncio.sleep(0.01)
        parts = [await reader.next()]
        while parts[-1].jpeg != last:
            parts.append(await reader.next())
    assert len(parts) <= 20
    assert len({part.jpeg for part in parts}) == len(parts)


async def test_opencv_plays_the_stream(
    camera: None,
    url: str,
    secrets: dict[Role, str],
    clock: Clock,
    footage: Footage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A reader that is none of ours, FFmpeg's, follows picture by picture."""
    monkeypatch.setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", f"headers;Authorization: Bearer {secrets[Role.WALL]}\r\n")

    async def film() -> None:
        for number in count():
            clock.pass_seconds(0.001)  # so that none is old, however late it is looked at
            footage.capture("cam-01", clock.now(), jpeg_of((RED, GREEN, BLUE)[number % 3]))
            await asyncio.sleep(0.02)

    def play() -> set[int]:
        seen, patience = set(), int(PATIENCE_MS)
        capture = cv2.VideoCapture(
            url + PATH,
            cv2.CAP_FFMPEG,
            [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, patience, cv2.CAP_PROP_READ_TIMEOUT_MSEC, patience],
        )
        for _ in range(200):
            read, picture = capture.read()
            assert read
            assert picture.shape == (180, 320, 3)
            seen.add(int(np.argmax(picture.mean(axis=(0, 1)))))
            if len(seen) == 3:
                break
        capture.release()
        return seen

    footage.capture("cam-01", clock.now())
    filming = asyncio.create_task(film())
    try:
        assert await asyncio.to_thread(play) == {0, 1, 2}
    finally:
        filming.cancel()


async def test_a_revoked_token_ends_its_stream_and_no_other(
    camera: None, url: str, secrets: dict[Role, str], live: Live, pool: AsyncConnectionPool, clock: Clock
) -> None:
    async with _watching(url, secrets[Role.WALL]) as revoked, _watching(url, secrets[Role.ADMIN]) as kept:
        await revoked.next()
        await kept.next()
        async with pool.connection() as connection:
            await tokens.revoke(connection, "wall", now=clock.now())
        await live.look()
        await revoked.to_the_end()
        assert (await kept.next()).is_placard
        live.close()
        await kept.to_the_end()


async def test_there_are_only_so_many_viewers_and_a_place_is_free_again(
    camera: None, url: str, secrets: dict[Role, str], live: Live
) -> None:
    headers = {"Authorization": f"Bearer {secrets[Role.WALL]}"}
    refused = metrics.VIEWERS_REFUSED._value.get()
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE_SECONDS) as client:
        async with AsyncExitStack() as stack:
            readers = [await stack.enter_async_context(_watching(url, secrets[Role.WALL])) for _ in range(3)]
            assert [(await reader.next()).is_placard for reader in readers] == [True] * 3
            answer = await client.get(PATH)
            assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
            assert answer.headers["retry-after"] == "5"
            assert metrics.VIEWERS_REFUSED._value.get() == refused + 1
        async with asyncio.timeout(PATIENCE_SECONDS):
            while live.viewers.tokens():
                await asyncio.sleep(0.01)
    async with _watching(url, secrets[Role.WALL]) as reader:
        assert (await reader.next()).is_placard


async def test_a_program_that_opens_ever_more_leaves_other_viewers_their_places() -> None:
    viewers = Viewers(viewers_max=3, of_one_max=2)
    with viewers.joined(1, "script"), viewers.joined(1, "script"):
        with pytest.raises(Problem, match="with this account or token") as refused, viewers.joined(1, "script"):
            pass
        assert refused.value.status == 429
        with viewers.joined(2, "wall"):
            assert viewers.tokens() == {1, 2}


async def test_each_picture_sent_is_in_the_log_and_no_placard(
    camera: None,
    url: str,
    secrets: dict[Role, str],
    access: AccessLog,
    pool: AsyncConnectionPool,
    clock: Clock,
    footage: Footage,
) -> None:
    footage.capture("cam-01", clock.now())
    async with _watching(url, secrets[Role.WALL]) as reader:
        await reader.next()
        clock.pass_seconds(21)
        await reader.next()
        footage.capture("cam-01", clock.now())
        while (await reader.next()).is_placard:
            pass
    await access.flush()
    async with pool.connection() as connection:
        rows = await connection.execute("select who, role, address, camera, what, count from frame_access")
        assert await rows.fetchall() == [("wall", "wall", "127.0.0.1", "cam-01", "stream", 2)]


def _channel(footage: Footage, clock: Clock, *, may: bool = True) -> Channel:
    """Nobody waits: sleeping moves the clock."""

    async def sleep(seconds: float) -> None:
        clock.pass_seconds(seconds)

    return Channel(
        camera="cam-01",
        name="Simpang Tihang",
        folder=footage.folder,
        captions=Captions.of(DashboardsSettings(), "en"),
        fresh_seconds=20.0,
        poll_seconds=0.5,
        repeat_seconds=5.0,
        noted=lambda: may,
        now=clock.now,
        clock=lambda: clock.now().timestamp(),
        sleep=sleep,
    )


async def test_a_placard_is_said_again_at_its_interval_and_says_since_when(footage: Footage, clock: Clock) -> None:
    footage.capture("cam-01", clock.now())
    began = clock.now()
    async with aclosing(_channel(footage, clock).pictures(Viewer(1, "a"))) as pictures:
        assert (await anext(pictures)).captured_at == began
        said = [((await anext(pictures)).captured_at, (clock.now() - began).total_seconds()) for _ in range(3)]
    assert said == [(None, 20.5), (None, 25.5), (None, 30.5)]


async def test_a_picture_that_cannot_be_noted_is_not_sent(footage: Footage, clock: Clock) -> None:
    footage.capture("cam-01", clock.now())
    assert [shown async for shown in _channel(footage, clock, may=False).pictures(Viewer(1, "a"))] == []


def test_a_browser_that_draws_is_sent_the_head_of_the_next_part_at_once() -> None:
    shown = Shown(b"JPEG", START)
    drawing = Framing.for_accept("image/avif,image/webp,*/*;q=0.8")
    assert drawing.opening == b"--picture\r\nContent-Type: image/jpeg\r\n\r\n"
    assert drawing.part(shown) == b"JPEG\r\n" + drawing.opening
    for accept in (None, "*/*", "multipart/x-mixed-replace"):
        reading = Framing.for_accept(accept)
        assert reading.opening == b"--picture\r\n"
        head, _, rest = reading.part(shown).partition(b"\r\n\r\n")
        assert b"Content-Length: 4\r\n" in head
        assert b"X-Captured-At: 2026-11-21T14:02:10.000Z" in head
        assert rest == b"JPEG\r\n--picture\r\n"
        assert b"X-Captured-At" not in reading.part(Shown(b"JPEG", None))


async def test_a_viewer_who_takes_nothing_any_more_gives_his_place_away() -> None:
    async def pictures(viewer: Viewer) -> AsyncIterator[Shown]:
        while not viewer.closed:
            yield Shown(b"JPEG", None)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.sleep(math.inf)

    async def receive() -> Message:
        await asyncio.sleep(math.inf)
        raise AssertionError

    viewers, cut = Viewers(viewers_max=1, of_one_max=1), metrics.VIEWERS_CUT._value.get()
    stream = PictureStream(pictures, Framing(draws=False), viewers, token=1, holder="a", taken_seconds=0.01)
    await stream({"type": "http"}, receive, send)
    assert (viewers.tokens(), metrics.VIEWERS_CUT._value.get()) == (set(), cut + 1)


def test_one_viewer_too_many_is_told_so_and_changes_nothing() -> None:
    viewers = Viewers(viewers_max=1, of_one_max=1)
    with viewers.joined(1, "a") as viewer:
        with pytest.raises(Problem), viewers.joined(2, "b"):
            pass
        viewers.keep_only({1, 2})
        assert (viewer.closed, viewers.tokens()) == (False, {1})
        viewers.keep_only({2})
        assert viewer.closed
    assert viewers.tokens() == set()
