"""Each reason why a camera cannot be played has its name: simulated cameras, servers of bad will."""

import asyncio
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing, suppress

import pytest
import pytest_asyncio
from pydantic import SecretStr

from simulators.camera import CameraModel, CameraServer, serve_cameras
from simulators.faults import Fault
from simulators.rtsp.login import Login, Scheme
from simulators.rtsp.recording import Codec
from simulators.scenery.scene import Scene
from tests.patience import PATIENCE_SECONDS
from video.credentials import Credentials
from video.describe import describe, why_no_picture
from video.failure import CameraError, Failure
from video.rtsp.sdp import VideoTrack
from video.source import Source

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCENE = Scene(width=320, height=180, fps=10, gop_seconds=1, seconds=1)
SECRET = Credentials(user="admin", password=SecretStr("r4h@s:i/a"))
WRONG = Credentials(user="admin", password=SecretStr("not-r4h@s"))
SDP = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"
DESCRIBED = f"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: {len(SDP)}\r\n\r\n{SDP}"
GRANTED = "RTSP/1.0 200 OK\r\nSession: 12;timeout=60\r\n\r\n"

# For a camera that says nothing: longer than a busy machine takes to connect and to ask.
LIMIT_SECONDS = 12.0

Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cameras() -> AsyncIterator[CameraServer]:
    models = {
        "open": CameraModel(scene=SCENE),
        "hevc": CameraModel(scene=SCENE, codec=Codec.H265),
        "basic": CameraModel(scene=SCENE, login=Login(user="admin", password="r4h@s:i/a", scheme=Scheme.BASIC)),
        "digest": CameraModel(scene=SCENE, login=Login(user="admin", password="r4h@s:i/a")),
    }
    async with serve_cameras(models) as server:
        yield server


async def asked(url: str, credentials: Credentials | None = None, *, seconds: float = PATIENCE_SECONDS) -> VideoTrack:
    return await asyncio.to_thread(describe, Source(address=url, credentials=credentials), timeout_seconds=seconds)


async def failure(
    url: str, credentials: Credentials | None = None, *, seconds: float = PATIENCE_SECONDS
) -> CameraError:
    with pytest.raises(CameraError) as failed:
        await asked(url, credentials, seconds=seconds)
    text = "".join([str(failed.value), repr(failed.value), repr(failed.value.__cause__)])
    assert "r4h" not in text
    return failed.value


@pytest.mark.parametrize(("name", "codec"), [("open", "H264"), ("hevc", "H265")])
async def test_a_camera_describes_its_video(cameras: CameraServer, name: str, codec: str) -> None:
    track = await asked(cameras.url(name))
    assert (track.codec, track.frames_per_second) == (codec, 10)
    assert track.shape


@pytest.mark.parametrize("name", ["basic", "digest"])
async def test_a_password_is_asked_for_and_given(cameras: CameraServer, name: str) -> None:
    assert (await asked(cameras.url(name), SECRET)).codec == "H264"
    assert (await failure(cameras.url(name), WRONG)).failure is Failure.WRONG_PASSWORD


async def test_a_password_that_is_missing_is_a_wrong_one(cameras: CameraServer) -> None:
    refused = await failure(cameras.url("digest"))
    assert str(refused) == f"{cameras.url('digest')}: wrong_password (RTSP 401, and no password is set)"


async def test_credentials_in_the_address_are_used_and_not_shown(cameras: CameraServer) -> None:
    address = cameras.url("digest").replace("rtsp://", "rtsp://admin:{}@")
    assert (await asked(address.format("r4h%40s%3Ai%2Fa"))).codec == "H264"
    assert (await failure(address.format("r4h"))).failure is Failure.WRONG_PASSWORD


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        (Fault.NOT_FOUND, Failure.NOT_FOUND),
        (Fault.BUSY, Failure.TOO_MANY_CLIENTS),
        (Fault.LOCKED, Failure.WRONG_PASSWORD),
        (Fault.AUDIO_ONLY, Failure.NO_VIDEO),
        (Fault.BABBLING, Failure.GARBAGE),
        (Fault.GONE, Failure.NO_ANSWER),
    ],
)
async def test_each_fault_has_its_name(cameras: CameraServer, fault: Fault, name: Failure) -> None:
    await cameras.camera("open").suffer(fault)
    try:
        assert (await failure(cameras.url("open"), SECRET)).failure is name
    finally:
        await cameras.camera("open").recover()


async def test_a_mute_camera_gives_no_answer_in_time(cameras: CameraServer) -> None:
    await cameras.camera("open").suffer(Fault.MUTE)
    try:
        mute = await failure(cameras.url("open"), seconds=LIMIT_SECONDS)
        assert str(mute) == f"{cameras.url('open')}: no_answer (silent)"
    finally:
        await cameras.camera("open").recover()


async def test_another_size_is_another_shape(cameras: CameraServer) -> None:
    before = await asked(cameras.url("hevc"))
    await cameras.camera("hevc").suffer(Fault.RESIZED)
    try:
        assert (await asked(cameras.url("hevc"))).shape != before.shape
    finally:
        await cameras.camera("hevc").recover()


async def test_a_closed_port_refuses() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound and not listening
        assert (await failure(f"rtsp://127.0.0.1:{reserved.getsockname()[1]}/1")).failure is Failure.REFUSED


async def test_nobody_there_is_unreachable() -> None:
    """A full queue of connections drops the next one, as an address without a machine does."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        unreachable = await failure(f"rtsp://127.0.0.1:{address[1]}/1", seconds=0.3)
        for each in waiting:
            each.close()
    assert str(unreachable) == f"rtsp://127.0.0.1:{address[1]}/1: unreachable (nobody answers)"


async def test_a_name_that_nobody_has_is_unreachable() -> None:
    assert str(await failure("rtsp://camera.invalid/1")) == "rtsp://camera.invalid/1: unreachable (no such host)"


@pytest.mark.parametrize(
    "url",
    [
        "/etc/hostname",
        "http://127.0.0.1/1",
        "rtsp:///1",
        "rtsp://h:99999/1",
        "rtsp://h/\xe4",
        "rtsp://[::1/1",
        "rtsp://127.0.0.1/1\r\nSession: 1",
    ],
)
async def test_only_an_rtsp_address_is_asked(url: str) -> None:
    assert (await failure(url)).failure is Failure.BAD_ADDRESS


@pytest.mark.parametrize("password", ["r4/has", "1#r4has", "r4?has", "r\u2100has"])
async def test_an_address_torn_by_the_password_in_it_is_refused_without_a_word_of_it(password: str) -> None:
    refused = await failure(f"rtsp://localhost:{password}@127.0.0.1/1")
    assert refused.failure is Failure.BAD_ADDRESS
    assert "has" not in "".join(traceback.format_exception(refused))


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: 1\r\n\r\n", Failure.TOO_MANY_CLIENTS),
        ("RTSP/1.0 403 Forbidden\r\nCSeq: 1\r\n\r\n", Failure.REFUSED_BY_CAMERA),
        ("RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Digest algorithm=NEW\r\n\r\n", Failure.UNPLAYABLE),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", Failure.GARBAGE),
        ("SSH-2.0-dropbear\r\n", Failure.GARBAGE),
        ("RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n", Failure.GARBAGE),
        ("RTSP/1.0 200 OK\r\nContent-Length: 6\r\n\r\n<html>", Failure.GARBAGE),
        ("RTSP/1.0 200 OK\r\nX: " + 20_000 * "x", Failure.GARBAGE),
        ("RTSP/1.0 200 OK\r\nContent-Length: 60\r\n\r\nv=0", Failure.NO_ANSWER),
        ("", Failure.NO_ANSWER),
    ],
)
async def test_each_answer_has_its_name(answer: str, name: Failure) -> None:
    async with saying(answer) as url:
        assert (await failure(url, SECRET)).failure is name


async def test_a_camera_that_hangs_up_after_its_challenge_is_called_again() -> None:
    heard: list[str] = []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((await reader.readuntil(b"\r\n\r\n")).decode())
        challenge = 'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm="c", nonce="1"\r\n\r\n'
        writer.write((DESCRIBED if "Authorization" in heard[-1] else challenge).encode())

    async with talking(once) as url:
        assert (await asked(url, SECRET)).codec == "H264"
    assert [line.startswith(f"DESCRIBE {url} RTSP/1.0\r\n") for line in heard] == [True, True]


async def test_a_nonce_that_grew_old_is_replaced_once_and_not_for_ever() -> None:
    heard: list[str] = []

    async def forgetful(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := (await reader.readuntil(b"\r\n\r\n")).decode():
            heard.append(head)
            challenge = f'Digest realm="c", nonce="{len(heard)}", stale=true'
            writer.write(f"RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: {challenge}\r\n\r\n".encode())

    async with talking(forgetful) as url:
        assert (await failure(url, SECRET)).failure is Failure.WRONG_PASSWORD
    assert ["nonce=" in head for head in heard] == [False, True, True]
    assert 'nonce="2"' in heard[-1]


async def test_a_camera_that_trickles_does_not_keep_us_longer_than_the_timeout() -> None:
    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"RTSP/1.0 200 OK\r\nX: ")
        while not writer.is_closing():
            writer.write(b"x")
            await asyncio.sleep(0.02)

    async with talking(trickle) as url:
        assert (await failure(url, seconds=LIMIT_SECONDS)).failure is Failure.NO_ANSWER


async def test_the_last_place_may_be_refused_only_when_it_is_asked_for() -> None:
    reason, heard = await rehearsed({"SETUP": "RTSP/1.0 453 Not Enough Bandwidth\r\n\r\n"})
    assert reason.failure is Failure.TOO_MANY_CLIENTS
    assert heard == ["DESCRIBE", "SETUP"]


async def test_a_camera_that_sends_is_given_its_place_back() -> None:
    control, media = "$\1\0\4SR..", "$\0\0\4RTP."
    reason, heard = await rehearsed({"SETUP": GRANTED, "PLAY": control + GRANTED + control + media})
    assert reason.failure is Failure.GARBAGE
    assert heard == ["DESCRIBE", "SETUP", "PLAY", "TEARDOWN"]


async def test_a_camera_that_plays_and_sends_nothing_is_stalled() -> None:
    answers = ["", GRANTED, GRANTED + "$\1\0\4SR..", "RTSP/1.0 455 No\r\n\r\n", "$\0", "babble"]
    cameras = ({"SETUP": GRANTED, "PLAY": answer} for answer in answers)
    told = await asyncio.gather(*(rehearsed(camera, seconds=LIMIT_SECONDS) for camera in cameras))
    assert [reason.failure for reason, _ in told] == [Failure.STALLED] * len(answers)
    assert [heard[:3] for _, heard in told] == [["DESCRIBE", "SETUP", "PLAY"]] * len(answers)


async def rehearsed(answers: Mapping[str, str], *, seconds: float = PATIENCE_SECONDS) -> tuple[CameraError, list[str]]:
    """Why there is no picture, and what the camera was asked; it answers by method, and has described itself."""
    heard: list[str] = []
    left = asyncio.Event()

    async def camera(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                method, uri, _ = head.split(" ", 2)
                heard.append(method)
                assert uri == (f"{url}/track1" if method == "SETUP" else url)
                assert method in {"DESCRIBE", "SETUP"} or "Session: 12\r\n" in head
                writer.write({"DESCRIBE": DESCRIBED, "TEARDOWN": "", **answers}[method].encode())
        finally:
            left.set()

    async with talking(camera) as url:
        reason = await asyncio.to_thread(
            why_no_picture, Source(address=url), sent_and=Failure.GARBAGE, timeout_seconds=seconds
        )
        await left.wait()  # the goodbye is not waited for
    return reason, heard


async def test_tls_is_spoken_where_the_address_says_so() -> None:
    async with saying("RTSP/1.0 400 Bad Request\r\n\r\n") as url:
        assert str(await failure(url.replace("rtsp:", "rtsps:"))).endswith("garbage (no TLS)")


@asynccontextmanager
async def talking(conversation: Conversation) -> AsyncIterator[str]:
    """The address of a server that has this conversation with each client, and then hangs up."""
    serving: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        with closing(writer), suppress(asyncio.IncompleteReadError, ConnectionError):
            await conversation(reader, writer)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"rtsp://127.0.0.1:{server.sockets[0].getsockname()[1]}/live"
    for task in filter(None, serving):
        task.cancel()
    await asyncio.gather(*filter(None, serving), return_exceptions=True)


@asynccontextmanager
async def saying(answer: str) -> AsyncIterator[str]:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer.encode())
        writer.write_eof()
        await reader.read()

    async with talking(say) as url:
        yield url
