"""By which name a stream ends, from what OpenCV lets show: frames, their absence, and how long that took."""

from collections.abc import Iterable
from datetime import timedelta

import cv2
import pytest

from video.decoding import Mode
from video.failure import CameraError, Failure
from video.rtsp.sdp import VideoTrack
from video.source import Source
from video.stream import ATTEMPTS, MAX_ODD, Grabbed, OptionsIgnoredError, RtspStream

PATIENCE = timedelta(seconds=20)


class ScriptedCapture:
    """What cv2.VideoCapture does: each grab takes some seconds and gives a picture of a type, or "" for none."""

    def __init__(self, grabs: Iterable[tuple[float, str]]) -> None:
        self.seconds = 0.0
        self._grabs = iter(grabs)
        self._type = ""

    def grab(self) -> bool:
        seconds, self._type = next(self._grabs, (0.0, ""))
        self.seconds += seconds
        return bool(self._type)

    def get(self, name: int) -> float:
        shown = {
            cv2.CAP_PROP_FRAME_TYPE: ord(self._type[0]),
            cv2.CAP_PROP_LRF_HAS_KEY_FRAME: float("k" in self._type),
            cv2.CAP_PROP_POS_MSEC: self.seconds * 1000,
        }
        return shown[name]


def stream(*grabs: tuple[float, str], mode: Mode = Mode.KEY_FRAMES) -> RtspStream:
    capture = ScriptedCapture(grabs)
    return RtspStream(
        capture,  # type: ignore[arg-type]  # a double of the methods that it calls
        Source(address="rtsp://camera/1"),
        VideoTrack(codec="H264", frames_per_second=None, shape=(), control=""),
        mode=mode,
        patience=PATIENCE,
        clock=lambda: capture.seconds,
    )


def end(*grabs: tuple[float, str]) -> Failure:
    ending = stream(*grabs)
    with pytest.raises(CameraError) as ended:
        grab(ending, ATTEMPTS)
    return ended.value.failure


def grab(stream: RtspStream, frames: int) -> list[Grabbed]:
    return [stream.grab() for _ in range(frames)]


def test_no_frame_for_the_read_timeout_is_a_stall() -> None:
    assert end((2, "I"), (20, "")) is Failure.STALLED


def test_a_frame_that_only_the_timeout_brought_out_is_a_stall_too() -> None:
    assert end((2, "I"), (20, "I"), (0, "")) is Failure.STALLED


def test_no_frame_at_once_again_and_again_is_a_closed_connection() -> None:
    assert end((2, "I"), (2, "I"), (0, "")) is Failure.CLOSED


def test_a_connection_closed_after_a_silence_is_closed() -> None:
    assert end((2, "I"), (12, ""), (0, "")) is Failure.CLOSED


def test_no_frame_packet_by_packet_is_garbage() -> None:
    assert end((2, "I"), *[(0.1, "")] * ATTEMPTS) is Failure.GARBAGE


def test_a_packet_that_cannot_be_decoded_is_passed_over() -> None:
    passing = stream((2, "I"), (0.1, ""), (0.1, ""), (2, "I"))
    assert [frame.stream_time.total_seconds() for frame in grab(passing, 2)] == pytest.approx([2, 4.2])


def test_pictures_that_are_no_key_frames_fail_where_only_those_were_asked_for() -> None:
    ignored = stream((2, "I"), *[(0.1, "P")] * MAX_ODD)
    with pytest.raises(OptionsIgnoredError, match="Key frames only were asked for"):
        grab(ignored, 1 + MAX_ODD)


def test_a_single_odd_picture_is_let_pass() -> None:
    odd = stream(*[(2, "I"), (0.1, "P")] * MAX_ODD)
    assert len(grab(odd, 2 * MAX_ODD)) == 2 * MAX_ODD


def test_a_key_frame_among_all_is_what_decoder_and_packet_call_one() -> None:
    every = stream((0, "Ik"), (0, "I"), (0, "Pk"), (0, "P"), mode=Mode.EVERY_FRAME)
    assert [frame.is_key for frame in grab(every, 4)] == [True, False, False, False]
