"""The sampler, the opener and a simulated camera together: what is decoded follows what the camera sends."""

import asyncio
import os
import threading
from datetime import UTC, datetime, timedelta

from simulators.camera import serve_cameras
from simulators.scenery.scene import Scene
from tests.patience import PATIENCE_SECONDS
from video.capture_options import CaptureOptions
from video.decoding import Decoding, Mode
from video.frame import Frame
from video.opener import Opener, Timeouts
from video.sampler import Sampler
from video.source import Source
from video.stream import RtspStream


async def test_key_frames_far_apart_are_noticed_and_sampled_at_the_interval_all_the_same() -> None:
    scene = Scene(width=320, height=180, fps=20, gop_seconds=1, seconds=1)
    patience = timedelta(seconds=PATIENCE_SECONDS)
    opener = Opener(CaptureOptions(os.environ, clock=lambda: 0.0), Timeouts(open=patience, read=patience))
    decoding = Decoding(beyond=timedelta(seconds=0.5))
    stopped, modes, taken = threading.Event(), list[Mode](), list[tuple[Mode, datetime]]()

    def take(frame: Frame) -> None:
        taken.append((decoding.mode, frame.captured_at))
        if len([mode for mode, _ in taken if mode is Mode.EVERY_FRAME]) == 5:
            stopped.set()

    async with serve_cameras({"cam": scene}) as server:
        source = Source(address=server.url("cam"))

        def open_stream(mode: Mode) -> RtspStream:
            modes.append(mode)
            return opener.open_stream(source, mode)

        sampler = Sampler(
            open_stream=open_stream,
            decoding=decoding,
            interval=timedelta(seconds=0.25),
            recheck=timedelta(0),
            now=lambda: datetime.now(UTC),
            take=take,
            seen=lambda: None,
        )
        await asyncio.to_thread(sampler.sample, stopped, lambda: None)
    assert modes == [Mode.KEY_FRAMES, Mode.EVERY_FRAME]
    times = [captured_at for mode, captured_at in taken if mode is Mode.EVERY_FRAME]
    assert times[-1] - times[1] < timedelta(seconds=3)  # with key frames alone it would be three
