import pytest
from pydantic import ValidationError

from devices.kinds import KINDS
from video.settings import VideoSettings


def test_unless_told_otherwise_a_camera_reports_as_often_as_its_kind_promises() -> None:
    assert VideoSettings().report_seconds == KINDS["camera"].interval_seconds


@pytest.mark.parametrize(
    "table",
    [
        {"interval_seconds": 0},
        {"interval_seconds": "nan"},
        {"jpeg_quality": 101},
        {"interval": 2},
        {"interval_seconds": 20, "offline_after_seconds": 20},
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        VideoSettings.model_validate(table)
