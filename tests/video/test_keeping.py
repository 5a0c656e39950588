"""Which pictures are kept beside the latest."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from devices.tamper import Tamper
from video.keep_settings import KeepSettings
from video.keeping import Keeping, Occasion, Sight
from video.still import Still

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CALM = Sight()
MOVING = Sight(motion_ratio=0.2)
ONLY_PAIRS = KeepSettings(every_minutes="never", change_ratio="never")
ONLY_CHANGES = KeepSettings(every_minutes="never", change_ratio=0.1, change_seconds=30)
ONLY_REGULAR = KeepSettings(every_minutes=10, change_ratio="never")


def still(seconds: float) -> Still:
    return Still(captured_at=NOON + timedelta(seconds=seconds), jpeg=b"")


def told(occasions: list[Occasion]) -> list[tuple[str, float]]:
    """Reason and seconds after noon."""
    return [(one.reason, (one.still.captured_at - NOON).total_seconds()) for one in occasions]


def see_all(keeping: Keeping, sights: Mapping[int, Sight] | Mapping[float, Sight]) -> list[tuple[str, float]]:
    return [word for seconds, sight in sights.items() for word in told(keeping.see(still(seconds), sight))]


def calm_every(seconds: float, *, begin: float, end: float) -> dict[float, Sight]:
    return {begin + step * seconds: CALM for step in range(int((end - begin) / seconds))}


def looks(*tampers: Tamper) -> Sight:
    return Sight(pending=frozenset(tampers))


def is_held(*tampers: Tamper) -> Sight:
    return Sight(holding=frozenset(tampers))


def test_a_picture_is_kept_on_each_line_of_the_clock() -> None:
    seen = see_all(Keeping(ONLY_REGULAR), calm_every(7, begin=-100, end=1300))
    assert seen == [("regular", 5), ("regular", 600), ("regular", 1202)]


def test_a_restart_does_not_shift_the_regular_pictures() -> None:
    first, second = Keeping(ONLY_REGULAR), Keeping(ONLY_REGULAR)
    assert see_all(first, calm_every(2, begin=-10, end=300)) == [("regular", 0)]
    assert see_all(second, calm_every(2, begin=310, end=700)) == [("regular", 600)]


def test_a_process_that_starts_again_and_again_does_not_fill_the_disk() -> None:
    assert [word for start in range(100) for word in see_all(Keeping(ONLY_REGULAR), {start: CALM})] == []


def test_a_camera_that_comes_back_has_its_regular_picture_at_once() -> None:
    assert see_all(Keeping(ONLY_REGULAR), {-30: CALM, 4000: CALM, 4002: CALM}) == [("regular", 4000)]


@given(st.lists(st.floats(0.5, 900), min_size=1, max_size=60), st.sampled_from([1, 10, 60]))
def test_never_two_regular_pictures_in_one_slot(pauses: list[float], minutes: int) -> None:
    keeping = Keeping(KeepSettings(every_minutes=minutes, change_ratio="never"))
    slots = [seconds // (60 * minutes) for _, seconds in see_all(keeping, dict.fromkeys(accumulated(pauses), CALM))]
    assert slots == sorted(set(slots))


def accumulated(pauses: list[float]) -> Iterator[float]:
    seconds = 0.0
    for pause in pauses:
        seconds += pause
        yield seconds


def test_a_change_is_kept_at_once_and_then_not_more_often_than_set() -> None:
    sights = dict.fromkeys(range(0, 70, 2), MOVING)
    assert see_all(Keeping(ONLY_CHANGES), sights) == [("change", 0), ("change", 30), ("change", 60)]


def test_a_little_motion_is_no_change() -> None:
    keeping = Keeping(ONLY_CHANGES)
    assert see_all(keeping, {0: Sight(motion_ratio=0.0999), 2: Sight(motion_ratio=0.1)}) == [("change", 2)]


def test_a_clock_set_back_does_not_end_the_keeping_of_changes() -> None:
    assert see_all(Keeping(ONLY_CHANGES), {0: MOVING, -7200: MOVING}) == [("change", 0), ("change", -7200)]


@given(st.lists(st.floats(0.5, 60), min_size=1, max_size=60))
def test_changes_are_never_nearer_to_each_other_than_the_pause(pauses: list[float]) -> None:
    kept = see_all(Keeping(ONLY_CHANGES), dict.fromkeys(accumulated(pauses), MOVING))
    assert all(later - earlier >= 29.999 for (_, earlier), (_, later) in pairwise(kept))


def test_a_picture_kept_for_a_change_is_not_kept_as_regular_too() -> None:
    keeping = Keeping(KeepSettings(every_minutes=10, change_ratio=0.1))
    assert see_all(keeping, {-2: CALM, 0: MOVING, 2: CALM, 600: CALM}) == [("change", 0), ("regular", 600)]


def test_a_tamper_is_kept_as_a_pair_with_the_last_picture_on_which_nothing_was_amiss() -> None:
    covered = Tamper.COVERED
    sights = {0: CALM, 2: CALM, 4: looks(covered), 6: looks(covered), 8: is_held(covered), 10: is_held(covered)}
    assert see_all(Keeping(ONLY_PAIRS), sights) == [("covered-before", 2), ("covered-after", 8)]


def test_what_only_looked_like_a_tamper_for_a_moment_is_not_kept() -> None:
    sights = {0: CALM, 2: looks(Tamper.DARK), 4: CALM}
    assert see_all(Keeping(ONLY_PAIRS), sights) == []


def test_a_second_tamper_on_the_first_has_the_same_before() -> None:
    covered, moved = Tamper.COVERED, Tamper.MOVED
    sights = {0: CALM, 2: is_held(covered), 4: is_held(covered, moved), 6: is_held(covered, moved)}
    assert see_all(Keeping(ONLY_PAIRS), sights) == [
        ("covered-before", 0),
        ("covered-after", 2),
        ("moved-before", 0),
        ("moved-after", 4),
    ]


def test_a_tamper_that_comes_again_is_kept_again() -> None:
    frozen = is_held(Tamper.FROZEN)
    assert see_all(Keeping(ONLY_PAIRS), {0: CALM, 2: frozen, 4: CALM, 6: frozen}) == [
        ("frozen-before", 0),
        ("frozen-after", 2),
        ("frozen-before", 4),
        ("frozen-after", 6),
    ]


def test_a_camera_covered_when_the_process_starts_has_no_before() -> None:
    sights = {0: looks(Tamper.COVERED), 2: is_held(Tamper.COVERED)}
    assert see_all(Keeping(ONLY_PAIRS), sights) == [("covered-after", 2)]


def test_an_alert_is_kept_as_a_pair_around_the_call() -> None:
    keeping = Keeping(ONLY_PAIRS)
    assert see_all(keeping, {0: CALM, 2: CALM}) == []
    keeping.alert(NOON + timedelta(seconds=3))
    assert see_all(keeping, {4: CALM, 6: CALM, 8: CALM, 10: CALM}) == [("alert-before", 2), ("alert-after", 8)]


def test_a_picture_taken_before_the_call_but_seen_after_it_is_the_before() -> None:
    keeping = Keeping(ONLY_PAIRS)
    keeping.alert(NOON + timedelta(seconds=3))
    assert see_all(keeping, {0: CALM, 2: CALM, 4: CALM, 9: CALM}) == [("alert-before", 2), ("alert-after", 9)]


def test_alerts_in_quick_succession_share_a_pair() -> None:
    keeping = Keeping(ONLY_PAIRS)
    keeping.see(still(0), CALM)
    keeping.alert(NOON + timedelta(seconds=1))
    assert see_all(keeping, {2: CALM}) == [("alert-before", 0)]
    keeping.alert(NOON + timedelta(seconds=3))
    assert see_all(keeping, {4: CALM, 6: CALM, 8: CALM, 20: CALM}) == [("alert-after", 6)]


def test_an_alert_while_the_camera_is_silent_has_its_pictures_when_it_is_back() -> None:
    keeping = Keeping(ONLY_PAIRS)
    keeping.see(still(0), CALM)
    keeping.alert(NOON + timedelta(seconds=30))
    assert see_all(keeping, {900: CALM, 902: CALM}) == [("alert-before", 0), ("alert-after", 900)]


def test_a_clock_set_back_after_an_alert_ends_its_pair_and_the_next_alert_has_its_own() -> None:
    keeping = Keeping(ONLY_PAIRS)
    keeping.see(still(0), CALM)
    keeping.alert(NOON + timedelta(seconds=1))
    assert see_all(keeping, {2: CALM, -3598: CALM}) == [("alert-before", 0), ("alert-after", -3598)]
    keeping.alert(NOON + timedelta(seconds=-3597))
    assert see_all(keeping, {-3596: CALM, -3592: CALM}) == [("alert-before", -3598), ("alert-after", -3592)]


def test_a_clock_set_back_before_the_first_picture_after_an_alert_does_not_put_its_pair_off() -> None:
    keeping = Keeping(ONLY_PAIRS)
    keeping.see(still(0), CALM)
    keeping.alert(NOON + timedelta(seconds=1))
    assert see_all(keeping, {-3598: CALM}) == [("alert-before", 0), ("alert-after", -3598)]


def test_never_means_never() -> None:
    assert see_all(Keeping(ONLY_PAIRS), dict.fromkeys(range(0, 7200, 60), MOVING)) == []
