from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from prometheus_client import CollectorRegistry, Counter

from video.detection import Box, Detection, Label, count
from video.frame import Frame, Picture
from video.tally import Tally

START = datetime(2026, 1, 1, tzinfo=UTC)
EVERYWHERE = Box(left=0, top=0, width=1, height=1)
PERSON = Detection(label=Label.PERSON, confidence=0.9, box=EVERYWHERE)
VEHICLE = Detection(label=Label.VEHICLE, confidence=0.9, box=EVERYWHERE)


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
