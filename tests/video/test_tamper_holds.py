from hypothesis import given
from hypothesis import strategies as st

from devices.tamper import Tamper
from video.tamper.conditions import CONDITIONS
from video.tamper.diagnosis import Diagnosis, explained_by
from video.tamper.hold import Hold
from video.tamper.holds import Holds, holding, step
from video.tamper.settings import HoldSettings, TamperSettings

TEN = HoldSettings(begin_seconds=10, clear_seconds=6)
SETTINGS = TamperSettings()
SECONDS = st.floats(0.1, 6)
SIGHTS = st.lists(st.tuples(st.booleans(), SECONDS), max_size=60)
DIAGNOSES = st.sampled_from([None, *Tamper]).map(
    lambda kind: Diagnosis(seen=kind, unclear=explained_by(kind) if kind else frozenset())
)


def test_it_begins_when_seen_for_long_enough_and_ends_when_gone_for_long_enough() -> None:
    hold = Hold()
    held = []
    for seen in [True] * 5 + [False] * 3:
        hold = hold.step(seen=seen, seconds=2, settings=TEN)
        held.append(hold.holding)
    assert held == [False, False, False, False, True, True, True, False]


def test_an_odd_frame_delays_and_does_not_begin_anew() -> None:
    hold = Hold()
    for seen in (True, True, True, True, False, True, True):
        hold = hold.step(seen=seen, seconds=2, settings=TEN)
    assert hold.holding


@given(SIGHTS)
def test_it_never_begins_before_it_was_seen_for_its_time_and_never_ends_before_it_was_gone_for_its(
    sights: list[tuple[bool, float]],
) -> None:
    hold, seen_seconds, gone_seconds = Hold(), 0.0, 0.0
    for seen, seconds in sights:
        before, hold = hold, hold.step(seen=seen, seconds=seconds, settings=TEN)
        seen_seconds += seconds if seen else 0
        gone_seconds += 0 if seen else seconds
        if hold.holding is not before.holding:
            passed, enough = (seen_seconds, 10) if hold.holding else (gone_seconds, 6)
            assert passed >= enough - 1e-6
            seen_seconds = gone_seconds = 0.0


@given(st.lists(st.tuples(DIAGNOSES, SECONDS), max_size=80))
def test_at_most_one_kind_holds_whatever_is_seen(sights: list[tuple[Diagnosis, float]]) -> None:
    holds: Holds = {}
    for diagnosis, seconds in sights:
        holds = step(holds, diagnosis, seconds, SETTINGS)
        assert len(holding(holds)) <= 1


@given(st.lists(st.tuples(DIAGNOSES, SECONDS), max_size=80))
def test_when_nothing_is_seen_for_long_nothing_is_left(sights: list[tuple[Diagnosis, float]]) -> None:
    holds: Holds = {}
    for diagnosis, seconds in sights:
        holds = step(holds, diagnosis, seconds, SETTINGS)
    for _ in range(30):
        holds = step(holds, Diagnosis(seen=None, unclear=frozenset()), 2.0, SETTINGS)
    assert holds == {}


def test_one_that_holds_and_cannot_be_judged_stays() -> None:
    holds: Holds = {Tamper.DEFOCUSED: Hold(holding=True)}
    for _ in range(100):
        holds = step(holds, Diagnosis(seen=None, unclear=frozenset({Tamper.DEFOCUSED})), 2.0, SETTINGS)
    assert holding(holds) == {Tamper.DEFOCUSED}


def test_one_that_begins_ends_what_it_explains() -> None:
    holds: Holds = {Tamper.SPRAYED: Hold(holding=True)}
    for _ in range(10):
        holds = step(holds, Diagnosis(seen=Tamper.COVERED, unclear=explained_by(Tamper.COVERED)), 2.0, SETTINGS)
    assert holding(holds) == {Tamper.COVERED}


def test_every_kind_has_its_condition_and_its_hold() -> None:
    assert set(CONDITIONS) == set(Tamper)
    assert all(SETTINGS.of(kind).enabled for kind in Tamper)
