import json
from datetime import UTC, datetime, timedelta

import pytest

from devices.acceptance import accept
from devices.kinds import KINDS
from devices.payloads.native import decode_event, decode_telemetry
from devices.reading import Element, Event, Reading
from devices.tamper import Tamper
from video.message import Happening, Sample, event, telemetry

CAPTURED_AT = datetime(2026, 1, 1, 12, 0, 0, 250_000, tzinfo=UTC)
VALUES = {"brightness_ratio": 0.41234567, "sharpness": 812.3, "connection_grade": 3.0, Tamper.COVERED: True}
SAMPLE = Sample(captured_at=CAPTURED_AT, values=VALUES, taken_at=0.0)


def readings(now: datetime) -> dict[str, float]:
    received_us = round(now.timestamp() * 1e6)
    (element,) = decode_telemetry(telemetry(SAMPLE, now), received_us)
    assert isinstance(element, Element)
    assert element.time_us == round(CAPTURED_AT.timestamp() * 1e6)
    judged = list(accept("cam-01", KINDS["camera"], element, received_us))
    return {reading.metric: reading.value for reading in judged if isinstance(reading, Reading)}


def test_a_camera_speaks_as_its_kind_promises() -> None:
    said = {"brightness_ratio": 0.4123, "sharpness": 812.3, "connection_grade": 3, "covered": 1}
    assert readings(CAPTURED_AT + timedelta(seconds=1.5)) == {"frame_age_seconds": 1.5, **said}


def test_a_frame_is_never_younger_than_now() -> None:
    assert readings(CAPTURED_AT - timedelta(seconds=1))["frame_age_seconds"] == 0


def test_a_state_is_said_as_yes_or_no_and_told_apart_from_what_is_measured() -> None:
    assert SAMPLE.states == {"covered": True}
    assert json.loads(telemetry(SAMPLE, CAPTURED_AT))["values"]["covered"] is True


@pytest.mark.parametrize("data", [{}, {"reason": "wrong_password"}])
def test_what_happened_is_an_event_that_ingest_takes(data: dict[str, object]) -> None:
    happening = Happening(type="camera_lost", at=CAPTURED_AT, data=data)
    taken = decode_event(event(happening), round(CAPTURED_AT.timestamp() * 1e6))
    assert isinstance(taken, Event)
    assert (taken.type, taken.data) == ("camera_lost", data)
