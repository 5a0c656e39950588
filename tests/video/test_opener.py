"""The opener against real sockets: simulated cameras in every trouble, and servers that are none."""

import asyncio
import os
import re
import shutil
import socket
import ssl
import subprocess
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from simulators.camera import CameraModel, CameraServer, serve_cameras
from simulators.faults import Fault
from simulators.rtsp.login import Login, Scheme
from simulators.rtsp.recording import Codec
from simulators.scenery.scene import Scene
from tests.patience import PATIENCE_SECONDS
from video.capture_options import VARIABLE, CaptureOptions
from video.credentials import Credentials
from video.decoding import Mode
from video.failure import CameraError, Failure
from video.opener import FFMPEG_ENVIRONMENT, OPTIONS, Opener, Timeouts, WrongEnvironmentError, prepare
from video.source import Source
from video.stream import Grabbed, OptionsIgnoredError, RtspStream

PATIENT = Timeouts(open=timedelta(seconds=PATIENCE_SECONDS), read=timedelta(seconds=PATIENCE_SECONDS))
# Where a timeout is waited for: longer than a busy machine keeps an answer back.
LIMITED = Timeouts(open=timedelta(seconds=12), read=timedelta(seconds=12))
# There is but one environment, and one who may write to it. No turn ends before its open, however slow the machine is.
PROCESS = CaptureOptions(os.environ, clock=lambda: 0.0)
SECRET = Credentials(user="admin", password=SecretStr("r4h@s:i/a"))
WRONG = Credentials(user="admin", password=SecretStr("not-r4h@s"))


async def opened(
    url: str,
    credentials: Credentials | None = None,
    *,
    mode: Mode = Mode.KEY_FRAMES,
    timeouts: Timeouts = PATIENT,
    options: CaptureOptions = PROCESS,
) -> RtspStream:
    opener = Opener(options, timeouts)
    return await asyncio.to_thread(opener.open_stream, Source(address=url, credentials=credentials), mode)


async def failure(url: str, credentials: Credentials | None = None, *, timeouts: Timeouts = PATIENT) -> Failure:
    with pytest.raises(CameraError) as failed:
        (await opened(url, credentials, timeouts=timeouts)).close()
    return failed.value.failure


async def grabbed(stream: RtspStream, frames: int) -> list[Grabbed]:
    return await asyncio.to_thread(lambda: [stream.grab() for _ in range(frames)])


async def answered(stream: RtspStream) -> None:
    """Asks until the camera answers: a machine that stands still is no answer. Raises what `recheck` does."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await asyncio.to_thread(stream.recheck):
            pass


async def lost(stream: RtspStream) -> CameraError:
    with closing(stream), pytest.raises(CameraError) as ended:
        await grabbed(stream, 100)
    return ended.value


async def test_an_open_stream_delivers_the_scene_and_its_clock(camera_server: CameraServer) -> None:
    with closing(await opened(camera_server.url("cam-01"))) as stream:
        first, second = await grabbed(stream, 2)
        picture = stream.retrieve()
    assert picture.shape == (180, 320, 3)
    assert picture.mean() / 255 == pytest.approx(0.3, abs=0.03)
    assert (second.stream_time - first.stream_time).total_seconds() == pytest.approx(1, abs=0.01)
    assert (stream.track.codec, stream.track.frames_per_second) == ("H264", 10)


@pytest.mark.parametrize("codec", list(Codec))
async def test_each_mode_decodes_what_it_says_and_both_may_be_open_at_once(codec: Codec) -> None:
    """Ten frames a second are sent, one of them a key frame: an option spelt wrong would deliver all ten."""
    async with serve_cameras({"cam": CameraModel(scene=SCENE, codec=codec)}) as server:
        opener, source = Opener(PROCESS, PATIENT), Source(address=server.url("cam"))
        modes = [Mode.KEY_FRAMES, Mode.EVERY_FRAME, Mode.KEY_FRAMES, Mode.EVERY_FRAME]
        streams = await asyncio.gather(*(asyncio.to_thread(opener.open_stream, source, mode) for mode in modes))
        taken = await asyncio.gather(*map(grabbed, streams, [3, 23, 3, 23]))
        for stream in streams:
            stream.close()
    for key_frames in taken[::2]:
        assert distances(key_frames) == pytest.approx([1, 1], abs=0.01)
        assert all(frame.is_key for frame in key_frames)
    for every_frame in taken[1::2]:
        frames = every_frame[1:]  # OpenCV has no time for the one before
        assert distances(frames) == pytest.approx([0.1] * 21, abs=0.01)
        assert distances([frame for frame in frames if frame.is_key]) == pytest.approx([1], abs=0.01)


async def test_options_that_ffmpeg_ignores_fail_loudly(
    camera_server: CameraServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, OPTIONS[Mode.KEY_FRAMES].replace("nonkey", "nokey"))
    elsewhere = CaptureOptions({VARIABLE: OPTIONS[Mode.KEY_FRAMES]})
    stream = await opened(camera_server.url("cam-01"), options=elsewhere)
    with closing(stream), pytest.raises(OptionsIgnoredError):
        await grabbed(stream, 10)


@pytest.mark.parametrize("scheme", list(Scheme))
async def test_a_password_is_given_and_a_wrong_one_named_and_shown_nowhere(
    scheme: Scheme, capfd: pytest.CaptureFixture[str]
) -> None:
    login = Login(user="admin", password="r4h@s:i/a", scheme=scheme)
    async with serve_cameras({"cam": CameraModel(scene=SCENE, login=login)}) as server:
        (await opened(server.url("cam"), SECRET)).close()
        assert await failure(server.url("cam"), WRONG) is Failure.WRONG_PASSWORD
        assert await failure(server.url("cam")) is Failure.WRONG_PASSWORD
    assert not re.search("r4h|admin", "".join(capfd.readouterr()))


async def test_a_password_that_was_changed_while_ffmpeg_connects_is_named_and_shown_nowhere(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Our question is answered; FFmpeg, which comes after it, is refused."""
    told: list[str] = []
    async with asking_for_a_password(told) as port:
        with pytest.raises(CameraError) as refused:
            await opened(f"rtsp://127.0.0.1:{port}/1", SECRET)
    assert refused.value.failure is Failure.WRONG_PASSWORD
    assert {b64decode(each).decode() for each in told} == {"admin:r4h@s:i/a"}
    output = "".join(capfd.readouterr()) + str(refused.value) + repr(refused.value.__cause__)
    assert not re.search("r4h|admin", output)


async def test_a_camera_in_trouble_is_not_opened_and_has_a_name_for_it() -> None:
    names = {
        Fault.NOT_FOUND: Failure.NOT_FOUND,
        Fault.BUSY: Failure.TOO_MANY_CLIENTS,
        Fault.LOCKED: Failure.WRONG_PASSWORD,
        Fault.AUDIO_ONLY: Failure.NO_VIDEO,
        Fault.BABBLING: Failure.GARBAGE,
        Fault.GONE: Failure.NO_ANSWER,
        Fault.MUTE: Failure.NO_ANSWER,
        Fault.STALLED: Failure.STALLED,
        Fault.GARBLED: Failure.GARBAGE,
    }
    async with serve_cameras(dict.fromkeys(names, SCENE)) as server:
        await asyncio.gather(*(server.camera(fault).suffer(fault) for fault in names))
        failures = await asyncio.gather(*(failure(server.url(fault), SECRET, timeouts=LIMITED) for fault in names))
    assert dict(zip(names, failures, strict=True)) == names


async def test_a_stream_that_ends_has_a_name_for_it() -> None:
    ends = {Fault.DISCONNECTED: Failure.CLOSED, Fault.STALLED: Failure.STALLED}
    halved = Timeouts(open=LIMITED.open, read=LIMITED.read / 2)  # for who waits twice as long for a frame
    cases = {f"{mode}-{fault}": (mode, fault) for mode in Mode for fault in ends}
    async with serve_cameras(dict.fromkeys(cases, SCENE)) as server:

        async def end(case: str) -> Failure:
            mode, fault = cases[case]
            limited = LIMITED if mode is Mode.KEY_FRAMES else halved
            timeouts = limited if fault is Fault.STALLED else PATIENT
            stream = await opened(server.url(case), mode=mode, timeouts=timeouts)
            await grabbed(stream, 2)
            await server.camera(case).suffer(fault)
            return (await lost(stream)).failure

        ended = await asyncio.gather(*map(end, cases))
    assert dict(zip(cases, ended, strict=True)) == {case: ends[fault] for case, (_, fault) in cases.items()}


async def test_a_camera_of_another_size_is_noticed_by_asking(camera_server: CameraServer) -> None:
    with closing(await opened(camera_server.url("cam-01"))) as stream:
        await answered(stream)
        await camera_server.camera("cam-01").suffer(Fault.RESIZED)
        await grabbed(stream, 2)
        assert stream.retrieve().shape == (180, 320, 3), "OpenCV shows pictures of the old size, as if nothing were"
        with pytest.raises(CameraError) as resized:
            await answered(stream)
    assert resized.value.failure is Failure.RESIZED
    with closing(await opened(camera_server.url("cam-01"))) as stream:
        assert stream.retrieve().shape == (90, 160, 3)


async def test_a_camera_that_plays_and_does_not_answer_goes_on_playing(camera_server: CameraServer) -> None:
    with closing(await opened(camera_server.url("cam-01"))) as stream:
        await camera_server.camera("cam-01").suffer(Fault.BUSY)
        assert not await asyncio.to_thread(stream.recheck)


async def test_a_mute_server_does_not_hold_up_a_good_camera(camera_server: CameraServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.setblocking(False)
        hanging = asyncio.create_task(failure(f"rtsp://127.0.0.1:{mute.getsockname()[1]}/1"))
        connection, _ = await asyncio.get_running_loop().sock_accept(mute)  # the hanging open comes first
        (await opened(camera_server.url("cam-01"))).close()
        assert not hanging.done()
        connection.close()
        assert await hanging is Failure.NO_ANSWER


async def test_a_camera_that_needs_a_moment_after_our_question_is_opened_all_the_same(
    camera_server: CameraServer,
) -> None:
    """GStreamer's server answers 503 while it puts the media away that it had described; a camera may hang up."""
    async with relayed(camera_server.url("cam-01"), hanging_up_on=2) as url:
        opener = Opener(PROCESS, PATIENT, clock=lambda: 0.0)  # FFmpeg is refused at once
        (await asyncio.to_thread(opener.open_stream, Source(address=url), Mode.KEY_FRAMES)).close()


async def test_a_camera_is_played_over_tls_whoever_signed_its_certificate(
    camera_server: CameraServer, own_certificate: ssl.SSLContext
) -> None:
    async with relayed(camera_server.url("cam-01"), tls=own_certificate) as url:
        with closing(await opened(url.replace("rtsp:", "rtsps:"))) as stream:
            await grabbed(stream, 1)
            assert stream.retrieve().shape == (180, 320, 3)


@pytest.mark.parametrize("url", ["/etc/hostname", "file:///etc/hostname", "http://127.0.0.1/1", "concat:a|b"])
async def test_only_rtsp_is_opened(url: str) -> None:
    assert await failure(url) is Failure.BAD_ADDRESS


def test_a_process_without_the_right_environment_is_refused() -> None:
    prepare({**FFMPEG_ENVIRONMENT, "HOME": "/"})
    prepare({**FFMPEG_ENVIRONMENT, VARIABLE: OPTIONS[Mode.EVERY_FRAME]})
    for name in FFMPEG_ENVIRONMENT:
        with pytest.raises(WrongEnvironmentError, match=name):
            prepare({**FFMPEG_ENVIRONMENT, name: "other"})


SCENE = Scene(brightness=0.5, width=320, height=180, fps=10, gop_seconds=1, seconds=2)
DESCRIPTION = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"


def distances(frames: list[Grabbed]) -> list[float]:
    times = [frame.stream_time.total_seconds() for frame in frames]
    return [later - earlier for earlier, later in pairwise(times)]


@asynccontextmanager
async def asking_for_a_password(told: list[str]) -> AsyncIterator[int]:
    """An RTSP server that lets the first who knows the password describe, and refuses everyone after that."""
    described: list[str] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                (number,) = re.findall(r"CSeq: (\d+)", head)
                basic = re.findall(r"Authorization: Basic (\S+)", head)
                told.extend(basic)
                if basic and not described:
                    described.append(head)
                    answer = f"200 OK\r\nCSeq: {number}\r\nContent-Length: {len(DESCRIPTION)}\r\n\r\n{DESCRIPTION}"
                else:
                    answer = f'401 Unauthorized\r\nCSeq: {number}\r\nWWW-Authenticate: Basic realm="c"\r\n\r\n'
                writer.write(f"RTSP/1.0 {answer}".encode())

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
def own_certificate(tmp_path: Path) -> ssl.SSLContext:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=camera"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@asynccontextmanager
async def relayed(url: str, *, hanging_up_on: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """The address of a relay to a camera, over TLS or not, that gives the client of a number nothing."""
    camera, clients = urlsplit(url), count(1)
    relays: set[asyncio.Task[None] | None] = set()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(ConnectionError):
            while chunk := await reader.read(65536):
                writer.write(chunk)
                await writer.drain()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relays.add(asyncio.current_task())
        if next(clients) == hanging_up_on:
            writer.close()
            return
        there_reader, there_writer = await asyncio.open_connection(camera.hostname, camera.port)
        await asyncio.gather(pass_on(reader, there_writer), pass_on(there_reader, writer))

    async with await asyncio.start_server(relay, "127.0.0.1", 0, ssl=tls) as server:
        yield f"rtsp://127.0.0.1:{server.sockets[0].getsockname()[1]}{camera.path}"
    for task in filter(None, relays):
        task.cancel()
    await asyncio.gather(*filter(None, relays), return_exceptions=True)
