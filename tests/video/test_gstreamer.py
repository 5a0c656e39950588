"""Cameras as GStreamer's RTSP server plays them: a server that we did not write."""

import asyncio
import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from pydantic import SecretStr

from tests.patience import PATIENCE_SECONDS
from video.capture_options import CaptureOptions
from video.credentials import Credentials
from video.decoding import Mode
from video.failure import CameraError, Failure
from video.frame import Picture
from video.opener import Opener, Timeouts
from video.source import Source
from video.stream import Grabbed, RtspStream

SYSTEM_PYTHON = "/usr/bin/python3"
BINDINGS = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
SECRET = Credentials(user="admin", password=SecretStr("r4h@s:i/a"))
WRONG = Credentials(user="admin", password=SecretStr("not-r4h@s"))
TIMEOUTS = Timeouts(open=timedelta(seconds=PATIENCE_SECONDS), read=timedelta(seconds=PATIENCE_SECONDS))
# videotestsrc's bars of SMPTE, blue, green, red: the second and the sixth of seven.
YELLOW, RED = (0, 255, 255), (0, 0, 255)


@pytest.fixture(scope="module")
def gstreamer() -> Iterator[Mapping[str, str]]:
    """The addresses of its servers: open, basic, digest."""
    if subprocess.run([SYSTEM_PYTHON, "-c", BINDINGS], check=False, capture_output=True).returncode:
        pytest.skip("needs gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-{base,good,bad,ugly}")
    command = [SYSTEM_PYTHON, str(Path(__file__).parent / "gstreamer_server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(SECRET.password.get_secret_value() + "\n")
        server.stdin.flush()
        yield json.loads(server.stdout.readline())
        server.stdin.close()


@pytest.fixture(scope="module")
def opener() -> Opener:
    return Opener(CaptureOptions(os.environ, clock=lambda: 0.0), TIMEOUTS)


async def opened(
    opener: Opener, url: str, credentials: Credentials | None = None, mode: Mode = Mode.KEY_FRAMES
) -> RtspStream:
    return await asyncio.to_thread(opener.open_stream, Source(address=url, credentials=credentials), mode)


async def failure(opener: Opener, url: str, credentials: Credentials | None = None) -> Failure:
    with pytest.raises(CameraError) as failed:
        (await opened(opener, url, credentials)).close()
    return failed.value.failure


@pytest.mark.parametrize(("path", "codec"), [("h264", "H264"), ("h265", "H265"), ("both", "H264")])
async def test_key_frames_are_sampled_and_the_picture_is_right(
    opener: Opener, gstreamer: Mapping[str, str], path: str, codec: str
) -> None:
    with closing(await opened(opener, f"{gstreamer['open']}/{path}")) as stream:
        frames, picture = await asyncio.to_thread(watched, stream, 3)
        assert (stream.track.codec, stream.track.frames_per_second) == (codec, 20)
    assert min(distances(frames)) > 0.9  # every twentieth frame, or later where the server stood still
    assert picture.shape == (180, 320, 3)
    assert picture[60, 68].tolist() == pytest.approx(YELLOW, abs=25)
    assert picture[60, 251].tolist() == pytest.approx(RED, abs=25)


async def test_every_frame_is_decoded_where_that_is_asked_for(opener: Opener, gstreamer: Mapping[str, str]) -> None:
    with closing(await opened(opener, f"{gstreamer['open']}/h264", mode=Mode.EVERY_FRAME)) as stream:
        frames, _ = await asyncio.to_thread(watched, stream, 24)
    assert median(distances(frames[1:])) == pytest.approx(0.05, abs=0.04)
    assert sum(frame.is_key for frame in frames[1:]) in {1, 2}


@pytest.mark.parametrize("method", ["basic", "digest"])
async def test_a_password_is_given_and_a_wrong_one_named_and_shown_nowhere(
    opener: Opener, gstreamer: Mapping[str, str], method: str, capfd: pytest.CaptureFixture[str]
) -> None:
    url = f"{gstreamer[method]}/h264"
    (await opened(opener, url, SECRET)).close()
    assert await failure(opener, url, WRONG) is Failure.WRONG_PASSWORD
    assert await failure(opener, url) is Failure.WRONG_PASSWORD
    assert not re.search("r4h|admin", "".join(capfd.readouterr()))


@pytest.mark.parametrize(
    ("path", "name"),
    [("none", Failure.NOT_FOUND), ("sound", Failure.NO_VIDEO), ("broken", Failure.TOO_MANY_CLIENTS)],
)
async def test_what_cannot_be_played_has_a_name(
    opener: Opener, gstreamer: Mapping[str, str], path: str, name: Failure
) -> None:
    """A pipeline that cannot be built is 503 to this server, as a camera without a free encoder is."""
    assert await failure(opener, f"{gstreamer['open']}/{path}") is name


def watched(stream: RtspStream, frames: int) -> tuple[list[Grabbed], Picture]:
    return [stream.grab() for _ in range(frames)], stream.retrieve()


def distances(frames: list[Grabbed]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(frame.stream_time.total_seconds() for frame in frames)]
