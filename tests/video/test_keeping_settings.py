import pytest
from pydantic import ValidationError

from video.keep_settings import KeepSettings


def test_a_week_is_kept_unless_the_city_says_otherwise() -> None:
    assert KeepSettings().days == 7


@pytest.mark.parametrize("days", [1, 30, "forever"])
def test_days_are_a_number_or_for_ever_by_name(days: object) -> None:
    assert KeepSettings.model_validate({"days": days}).days == days


@pytest.mark.parametrize(
    "table",
    [
        {"days": 0},
        {"days": -1},
        {"days": "for ever"},
        {"days": 1.5},
        {"every_minutes": 0},
        {"every_minutes": "forever"},
        {"change_ratio": 0},
        {"change_ratio": 1.1},
        {"change_seconds": 0},
        {"min_free_ratio": 0},
        {"min_free_ratio": 1},
        {"min_free_bytes": -1},
        {"retention_days": 7},
    ],
    ids=str,
)
def test_what_means_nothing_or_either_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        KeepSettings.model_validate(table)
