from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.frame_files import KeptFrame

MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1)).map(  # noqa: DTZ001  the zone follows
    lambda moment: moment.replace(microsecond=moment.microsecond // 1_000 * 1_000, tzinfo=UTC)
)


@given(MOMENTS, st.sampled_from(["change", "regular", "signal_lost-before", "alert-after"]))
def test_a_name_says_when_and_why(captured_at: datetime, reason: str) -> None:
    frame = KeptFrame(captured_at=captured_at, reason=reason)
    assert KeptFrame.parse(frame.name) == frame


@given(MOMENTS, MOMENTS)
def test_names_sort_by_time(one: datetime, other: datetime) -> None:
    frames = [KeptFrame(captured_at=moment, reason="change") for moment in (one, other)]
    assert sorted(frames) == sorted(frames, key=lambda frame: frame.name)


@pytest.mark.parametrize(
    "name", ["", "latest", "../../etc/passwd", "20261399T070210.123Z-change", "20261121T070210.123Z-", "..", "٢"]
)
def test_other_names_are_not_taken(name: str) -> None:
    assert KeptFrame.parse(name) is None


def test_a_frame_lies_in_the_folder_of_its_day() -> None:
    frame = KeptFrame(captured_at=datetime(2026, 11, 21, 7, 2, 10, 123_000, tzinfo=UTC), reason="change")
    assert str(frame.path) == "kept/2026-11-21/20261121T070210.123Z-change.jpg"
