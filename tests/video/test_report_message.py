from datetime import UTC, datetime, timedelta

from devices.acceptance import accept
from devices.kinds import KINDS
from devices.payloads.native import decode_telemetry
from devices.reading import Element, Reading
from video.report import Sample, telemetry

CAPTURED_AT = datetime(2026, 1, 1, 12, 0, 0, 250_000, tzinfo=UTC)
SAMPLE = Sample(captured_at=CAPTURED_AT, brightness_ratio=0.41234567, read_at=0.0)


def readings(now: datetime) -> dict[str, float]:
    received_us = round(now.timestamp() * 1e6)
    (element,) = decode_telemetry(telemetry(SAMPLE, now), received_us)
    assert isinstance(element, Element)
    assert element.time_us == round(CAPTURED_AT.timestamp() * 1e6)
    judged = list(accept("cam-01", KINDS["camera"], element, received_us))
    return {reading.metric: reading.value for reading in judged if isinstance(reading, Reading)}


def test_a_camera_speaks_as_its_kind_promises() -> None:
    assert readings(CAPTURED_AT + timedelta(seconds=1.5)) == {"frame_age_seconds": 1.5, "brightness_ratio": 0.4123}


def test_a_frame_is_never_younger_than_now() -> None:
    assert readings(CAPTURED_AT - timedelta(seconds=1))["frame_age_seconds"] == 0
