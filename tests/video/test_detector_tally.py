import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from prometheus_client import CollectorRegistry, Counter

from devices.topics import Grammar
from video.detection import Box, Detection, DetectionError, Label, count
from video.disk_guard import DiskGuard, space_of
from video.frame import Frame, Picture
from video.lookout import Lookout
from video.message import Sample
from video.onnx_detector import DetectorSettings
from video.settings import VideoSettings
from video.surroundings import Surroundings
from video.tally import Tally

START = datetime(2026, 1, 1, tzinfo=UTC)
EVERYWHERE = Box(left=0, top=0, width=1, height=1)
PERSON = Detection(label=Label.PERSON, confidence=0.9, box=EVERYWHERE)
VEHICLE = Detection(label=Label.VEHICLE, confidence=0.9, box=EVERYWHERE)


class FailingDetector:
    def detect(self, picture: Picture) -> Sequence[Detection] | None:  # noqa: ARG002  it never looks
        raise DetectionError("model.onnx: out of memory")


class ScriptedDetector:
    """Sees one thing after the other, whatever the picture."""

    def __init__(self, *sights: Sequence[Detection] | None) -> None:
        self._sights = iter(sights)

    def detect(self, picture: Picture) -> Sequence[Detection] | None:  # noqa: ARG002  it is scripted
        return next(self._sights)


def tally(*sights: Sequence[Detection] | None) -> tuple[Tally, Counter]:
    missed = Counter("missed", "Looks missed", registry=CollectorRegistry())
    return Tally(ScriptedDetector(*sights), list(Label), every=timedelta(seconds=10), missed=missed), missed


def frame(second: float) -> Frame:
    return Frame(captured_at=START + timedelta(seconds=second), picture=np.zeros((1, 1, 3), np.uint8))


def test_each_label_is_counted_by_the_name_of_its_metric() -> None:
    assert count([PERSON, VEHICLE, PERSON], list(Label)) == {"people": 2, "vehicles": 1}


def test_of_a_label_that_is_not_looked_for_nothing_is_said() -> None:
    assert count([VEHICLE], [Label.VEHICLE]) == {"vehicles": 1}
    assert count([], [Label.PERSON]) == {"people": 0}


def test_between_two_looks_the_count_stands() -> None:
    camera, _ = tally([PERSON], [])
    assert [camera.values(frame(second))["people"] for second in range(0, 20, 2)] == [1] * 5 + [0] * 5


def test_a_look_for_which_there_was_no_time_says_nothing_and_is_counted() -> None:
    camera, missed = tally([PERSON], None, [PERSON])
    assert [bool(camera.values(frame(second))) for second in (0, 10, 18, 20)] == [True, False, False, True]
    assert missed.collect()[0].samples[0].value == 1


@pytest.mark.parametrize(
    ("cameras", "counted"),
    [(None, True), (frozenset({"cam-01"}), True), (frozenset({"cam-02"}), False), (frozenset(), False)],
)
def test_only_on_the_cameras_that_are_listed_anything_is_counted(
    *, cameras: frozenset[str] | None, counted: bool, tmp_path: Path
) -> None:
    settings = VideoSettings(detector=DetectorSettings(model=Path("model.onnx"), cameras=cameras))
    around = Surroundings(
        settings=settings,
        detector=ScriptedDetector([PERSON]),
        environment=os.environ,
        folder=tmp_path,
        memory=tmp_path,
        broker_url="mqtt://127.0.0.1",
        grammar=Grammar("pantau"),
        now=lambda: START,
    )
    guard, said = DiskGuard(settings.keep, space=lambda: space_of(tmp_path), clock=around.clock), list[Sample]()
    lookout = Lookout("cam-01", around, guard, said=said.append, happened=lambda _: None)
    lookout.take(frame(0))
    assert ("people" in said[0].values) is counted


def test_a_detector_that_fails_blinds_no_camera_and_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    missed = Counter("missed", "Looks missed", registry=CollectorRegistry())
    failing = Tally(FailingDetector(), list(Label), every=timedelta(seconds=10), missed=missed)
    for seconds in (0, 10, 20):
        assert failing.values(frame(seconds)) == {}
    assert [record.getMessage() for record in caplog.records] == [
        "people and vehicles are not counted: model.onnx: out of memory"
    ]
    ((sample, *_),) = (family.samples for family in missed.collect())
    assert sample.value == 3


def test_the_detector_sees_a_picture_with_its_privacy_masks() -> None:
    seen: list[Picture] = []

    class Watching:
        def detect(self, picture: Picture) -> Sequence[Detection]:
            seen.append(picture)
            return []

    missed = Counter("missed", "Looks missed", registry=CollectorRegistry())
    everywhere = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    white = Frame(captured_at=START, picture=np.full((8, 8, 3), 255, np.uint8))
    Tally(Watching(), list(Label), every=timedelta(seconds=10), missed=missed, masks=[everywhere]).values(white)
    assert seen[0].max() < 255
