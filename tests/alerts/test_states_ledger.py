"""The standing of devices among each other, with a clock turned by hand and no database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from alerts.states.evidence import Heard, Observed, Run, Word
from alerts.states.ledger import Ledger
from alerts.states.ourselves import Suspicion, Verdict
from alerts.states.settings import StateSettings
from devices.device import Device, Parent
from devices.reading import Status
from devices.state import Bucket, Gap, Mark, Reason, State
from tests.alerts.city import NOON, after

PATCHED = {"ourselves": {"witnesses": ["192.0.2.1:53"]}}


def device(name: str, *parents: Parent, kind: str = "fibre_point") -> Device:
    return Device(id=name, kind=kind, name=name, parents=parents)


@dataclass
class Town:
    """A ledger, its devices' words, and a clock: seconds after noon."""

    devices: Iterable[Device]
    settings: StateSettings = field(default_factory=StateSettings)
    seconds: float = 0

    def __post_init__(self) -> None:
        suspicion = Suspicion(self.settings.ourselves)
        self.ledger = Ledger(settings=self.settings, suspicion=suspicion, heard=Heard())
        self.ledger.learn_devices(self.devices)

    @property
    def now(self) -> datetime:
        return after(self.seconds)

    def reads(self, *devices: str, metric: str = "rtt_seconds", value: float = 0.01, age: float = 0) -> None:
        for name in devices:
            at = self.now - timedelta(seconds=age)
            self.ledger.heard.readings.setdefault(name, {})[metric] = Observed(value=value, at=at)
        self.ledger.touch(devices)

    def says(self, status: Status, *devices: str, retained: bool = False) -> None:
        self.ledger.heard.words |= {name: Word(status=status, at=self.now, retained=retained) for name in devices}
        self.ledger.touch(devices)

    def fall(self, *devices: str) -> None:
        self.says(Status.OFFLINE, *devices)

    def at(self, seconds: float) -> "Town":
        self.seconds = seconds
        self.ledger.judge(self.now)
        return self

    def state(self, name: str) -> tuple[State, str | None]:
        standing = self.ledger.standings[name]
        return standing.state, standing.cause

    def marks(self, name: str) -> frozenset[Mark]:
        return self.ledger.standings[name].marks

    def bucket(self, name: str) -> Bucket:
        return self.ledger.standings[name].bucket


LINE = [device("a"), device("b", "a"), device("c", "b"), device("d", "b")]


def test_of_a_cut_line_the_topmost_is_down_and_the_rest_is_unreachable_because_of_it() -> None:
    town = Town(LINE)
    town.reads("a", "b", "c", "d")
    town.at(0)
    town.fall("b", "c", "d")
    town.at(5)
    assert town.state("a") == (State.UP, None)
    assert town.state("b") == (State.DOWN, None)
    assert town.state("c") == town.state("d") == (State.UNREACHABLE, "b")
    assert (town.bucket("b"), town.bucket("c")) == (Bucket.DOWN, Bucket.UPSTREAM)


def test_a_child_that_talks_is_up_whatever_is_above() -> None:
    town = Town(LINE)
    town.reads("a", "b", "c", "d")
    town.at(0)
    town.fall("b", "c")
    assert town.at(5).state("d") == (State.UP, None)


def test_a_talking_gateway_does_not_make_its_silent_children_look_alive() -> None:
    town = Town([device("g", kind="gateway"), device("s", "g", kind="weather")])
    town.reads("g", "s")
    for seconds in range(0, 200, 10):
        town.at(seconds)
        town.reads("g")
    assert town.state("g") == (State.UP, None)
    assert town.state("s") == (State.DOWN, None)


def test_what_only_a_gateway_relayed_is_unseen_when_the_gateway_fails() -> None:
    town = Town([device("g", kind="gateway"), device("s", "g", kind="weather")])
    town.reads("g", "s")
    town.at(0)
    town.fall("g")
    town.at(200)
    assert town.state("s") == (State.UNREACHABLE, "g")
    assert town.bucket("s") is Bucket.BLIND


def test_a_retained_online_proves_nothing() -> None:
    town = Town([device("a")])
    town.says(Status.ONLINE, "a", retained=True)
    assert town.at(0).ledger.standings["a"].reason is Reason.NEVER_HEARD


def test_a_redundancy_group_fails_only_when_all_of_it_failed() -> None:
    town = Town([device("e"), device("w"), device("x", ("e", "w"))])
    town.reads("e", "w", "x")
    town.at(0)
    town.fall("e", "x")
    assert town.at(5).state("x") == (State.DOWN, None)
    town.fall("w")
    assert town.at(6).state("x") == (State.UNREACHABLE, "e")


def test_any_failed_parent_is_enough_where_they_are_no_group() -> None:
    town = Town([device("e"), device("w"), device("x", "e", "w")])
    town.reads("e", "w", "x")
    town.at(0)
    town.fall("w", "x")
    assert town.at(5).state("x") == (State.UNREACHABLE, "w")


def test_a_device_never_heard_from_lets_through_what_is_above_it() -> None:
    town = Town([device("a"), device("passive", "a"), device("c", "passive")])
    town.reads("a", "c")
    town.at(0)
    town.fall("a", "c")
    assert town.at(5).state("c") == (State.UNREACHABLE, "a")
    assert town.state("passive") == (State.UNKNOWN, None)


def test_a_child_that_fell_first_was_never_at_fault_where_its_parent_follows_within_the_window() -> None:
    town = Town(LINE)
    town.reads("a", "b", "c", "d")
    town.at(0)
    town.fall("c")
    assert town.at(1).state("c") == (State.DOWN, None)
    assert not town.ledger.confirmed("c", town.now)
    town.seconds = 31
    town.fall("b")
    town.at(31)
    assert town.state("c") == (State.UNREACHABLE, "b")
    assert town.ledger.standings["c"].since == after(0), "the whole outage has this cause"


def test_a_device_that_had_failed_long_before_keeps_that_it_was_its_own_fault_until_then() -> None:
    town = Town(LINE)
    town.reads("a", "b", "c", "d")
    town.at(0)
    town.fall("c")
    town.at(1)
    for seconds in range(10, 1_000, 10):
        town.at(seconds).reads("a", "b", "d")
    town.seconds = 1_000
    town.fall("b")
    town.at(1_000)
    assert town.state("c") == (State.UNREACHABLE, "b")
    assert town.ledger.standings["c"].since == after(1_000)


def test_a_fall_is_confirmed_when_what_it_hangs_on_is_heard_after_it() -> None:
    town = Town(LINE)
    town.reads("a", "b", "c", "d")
    town.at(0)
    town.fall("c")
    town.at(1)
    assert not town.ledger.confirmed("c", town.now)
    town.seconds = 20
    town.reads("b")
    town.at(20)
    assert town.ledger.confirmed("c", town.now)


def test_a_fall_at_the_same_moment_as_the_parents_last_word_is_not_confirmed_by_it() -> None:
    town = Town(LINE)
    town.reads("a", "b", "c", "d")
    town.at(0)
    town.seconds = 10
    town.reads("b")
    town.fall("c")
    town.at(10)
    assert not town.ledger.confirmed("c", town.now)


def test_without_a_word_from_above_the_correlation_window_decides() -> None:
    town = Town(LINE, StateSettings.model_validate({"kinds": {"fibre_point": {"interval_seconds": 300}}}))
    town.reads("a", "b", "c", "d")
    town.at(0)
    town.fall("c")
    town.at(1)
    assert not town.ledger.confirmed("c", after(90))
    assert town.ledger.confirmed("c", after(91))


def test_when_a_parent_returns_its_children_await_their_re_check_and_only_who_fails_it_is_down() -> None:
    town = Town(LINE)
    town.reads("a", "b", "c", "d")
    town.at(0)
    town.fall("b", "c", "d")
    town.at(5)
    town.seconds = 600
    town.reads("a", "b")
    town.at(600)
    assert town.state("b") == (State.UP, None)
    assert town.state("c") == (State.UNREACHABLE, "b")
    assert Mark.AWAITING_RECHECK in town.marks("c")
    town.seconds = 630
    town.reads("b", "c")
    town.at(630)
    assert (town.state("c"), town.marks("c")) == ((State.UP, None), frozenset())
    for seconds in range(660, 721, 30):
        town.reads("b", "c")
        town.at(seconds)
    assert town.state("d") == (State.UNREACHABLE, "b"), "at the last moment of its time"
    town.at(721)
    assert town.state("d") == (State.DOWN, None)
    assert town.ledger.standings["d"].since == after(600), "its own fault since what it hangs on is back"


def test_a_grandchild_waits_for_its_own_parent_not_for_the_root() -> None:
    town = Town([device("a"), device("b", "a"), device("c", "b")])
    town.reads("a", "b", "c")
    town.at(0)
    town.fall("a", "b", "c")
    town.at(5)
    town.seconds = 100
    town.reads("a")
    town.at(100)
    assert town.state("b") == town.state("c") == (State.UNREACHABLE, "a")
    assert Mark.AWAITING_RECHECK in town.marks("b")
    assert Mark.AWAITING_RECHECK not in town.marks("c")
    for seconds in range(130, 230, 30):
        town.seconds = seconds
        town.reads("a")
        town.at(seconds)
    town.at(221)
    assert (town.state("b"), town.state("c")) == ((State.DOWN, None), (State.UNREACHABLE, "b"))


def test_two_failed_probes_are_soft_and_three_are_down() -> None:
    town = Town([device("a")])
    town.reads("a", metric="packet_loss_ratio", value=1)
    town.ledger.heard.learn_runs({"a": Run(count=2, since=NOON)})
    assert town.at(0).state("a") == (State.UP, None)
    assert town.ledger.standings["a"].evidence["failed_probes"] == 2, "soft failures are noted, and change no state"
    town.ledger.heard.learn_runs({"a": Run(count=3, since=NOON)})
    town.ledger.touch(["a"])
    assert town.at(1).state("a") == (State.DOWN, None)
    town.ledger.heard.learn_runs({"a": None})
    town.ledger.touch(["a"])
    assert town.at(2).state("a") == (State.UP, None)
    assert "failed_probes" not in town.ledger.standings["a"].evidence


def test_that_a_parent_was_asked_in_vain_is_no_sign_of_its_life() -> None:
    town = Town(LINE)
    town.reads("a", "b", "c", "d")
    town.at(0)
    town.fall("c")
    town.at(1)
    town.seconds = 20
    lost = Observed(value=1, at=town.now, failed=True)
    town.ledger.heard.readings["b"]["packet_loss_ratio"] = lost
    town.ledger.heard.learn_runs({"b": Run(count=1, since=town.now)})
    town.ledger.touch(["b"])
    town.at(20)
    assert not town.ledger.confirmed("c", town.now)


def test_a_probe_in_vain_does_not_take_a_will_back() -> None:
    town = Town([device("a")])
    town.reads("a")
    town.at(0)
    town.seconds = 10
    town.fall("a")
    town.at(10)
    town.seconds = 12
    town.ledger.heard.readings["a"]["packet_loss_ratio"] = Observed(value=1, at=town.now, failed=True)
    town.ledger.heard.learn_runs({"a": Run(count=1, since=town.now)})
    town.ledger.touch(["a"])
    assert town.at(12).state("a") == (State.DOWN, None)


def test_an_uplink_that_was_gone_yesterday_does_not_make_todays_blindness_an_outage() -> None:
    town = Town([device("a")])
    town.reads("a")
    town.at(0)
    town.ledger.suspicion.uplink = Gap(since=after(-80_000), until=after(-79_000))
    town.ledger.learn_gap(Gap(since=after(10), until=after(3_610)))
    town.at(3_611)
    town.at(3_740)
    assert town.state("a") == (State.DOWN, None)
    assert town.ledger.standings["a"].since == after(3_610)


def test_without_witnesses_any_more_an_uplink_that_was_thought_gone_is_back() -> None:
    town = Town([device("a")])
    town.reads("a")
    town.at(0)
    suspicion = town.ledger.suspicion
    suspicion.uplink = Gap(since=after(-10))
    assert suspicion.suspect(town.ledger.spoke, None, after(5))
    assert suspicion.uplink == Gap(since=after(-10), until=after(5))


def test_a_radio_that_comes_and_goes_is_marked_and_the_mark_ends_in_quiet() -> None:
    town = Town([device("a")])
    town.reads("a")
    town.at(0)
    for start in (10, 20, 30):
        town.seconds = start
        town.fall("a")
        town.at(start)
        town.seconds = start + 5
        town.reads("a")
        town.at(start + 5)
    assert Mark.FLAPPING in town.marks("a")
    for seconds in range(60, 600, 30):
        town.reads("a")
        town.at(seconds)
    assert town.marks("a") == frozenset()


def test_children_that_go_with_their_parent_do_not_flap_by_it() -> None:
    town = Town([device("a"), device("b", "a")])
    town.reads("a", "b")
    town.at(0)
    for start in range(10, 100, 10):
        town.seconds = start
        town.fall("a")
        town.at(start)
        town.seconds = start + 5
        town.reads("a", "b")
        town.at(start + 5)
    assert Mark.FLAPPING in town.marks("a")
    assert town.marks("b") == frozenset()


def test_while_ingest_is_away_everything_is_unknown_and_afterwards_has_time() -> None:
    town = Town(LINE)
    town.reads("a", "b", "c", "d")
    town.at(0)
    town.fall("b")
    town.at(5)
    town.ledger.learn_gap(Gap(since=after(10)))
    town.at(30)
    assert [town.state(name)[0] for name in "abcd"] == [State.UNKNOWN] * 4
    town.ledger.learn_gap(Gap(since=after(10), until=after(3_610)))
    town.seconds = 3_611
    town.reads("a")
    town.at(3_611)
    assert town.state("a") == (State.UP, None)
    assert town.ledger.standings["a"].since == after(3_611)
    assert town.state("b") == (State.DOWN, None), "it was down before"
    assert town.state("c")[0] is State.UNKNOWN
    assert Mark.AWAITING_RECHECK in town.marks("c")
    town.seconds = 3_732
    town.reads("a")
    town.at(3_732)
    assert town.state("c") == (State.UNREACHABLE, "b")


def test_a_blind_moment_within_the_cadence_is_a_row_of_its_own_and_leaves_no_trace_after() -> None:
    town = Town([device("a")])
    town.reads("a")
    town.at(0)
    town.ledger.learn_gap(Gap(since=after(10)))
    town.at(12)
    assert town.state("a")[0] is State.UNKNOWN
    town.ledger.learn_gap(Gap(since=after(10), until=after(14)))
    town.at(15)
    assert town.state("a") == (State.UP, None)
    assert town.ledger.standings["a"].since == after(14), "the blind moment stays in the history"


def test_a_feeder_without_a_sensor_is_down_when_those_on_it_lost_their_power() -> None:
    points = [device(name, "f") for name in ("p", "q", "r")]
    town = Town([device("f", kind="feeder"), *points])
    town.reads("p", "q", "r")
    town.at(0)
    town.reads("p", metric="on_mains", value=0)
    town.fall("p", "q", "r")
    town.at(5)
    assert town.state("f") == (State.DOWN, None)
    assert town.ledger.standings["f"].reason is Reason.POWER_OF_ALL
    assert town.state("q") == (State.UNREACHABLE, "f")
    assert town.bucket("q") is Bucket.POWER


def test_a_feeder_is_not_blamed_where_somebody_on_it_is_still_on_mains() -> None:
    town = Town([device("f", kind="feeder"), *(device(name, "f") for name in ("p", "q", "r"))])
    town.reads("p", "q", "r")
    town.at(0)
    town.reads("r", metric="on_mains", value=1)
    town.ledger.heard.gasps["p"] = after(4)
    town.fall("p", "q")
    town.at(5)
    assert town.state("f") == (State.UNKNOWN, None)
    assert town.state("q") == (State.DOWN, None)


def test_an_outage_for_want_of_power_stays_one_for_those_who_wait_below_when_the_feeder_is_back() -> None:
    town = Town([device("f", kind="feeder"), device("p", "f"), device("q", "f"), device("x", "p")])
    town.reads("p", "q", "x")
    town.at(0)
    town.reads("p", metric="on_mains", value=0)
    town.fall("p", "q", "x")
    town.at(5)
    assert (town.state("x"), town.bucket("x")) == ((State.UNREACHABLE, "f"), Bucket.POWER)
    town.seconds = 600
    town.reads("q")
    town.reads("q", metric="on_mains", value=1)
    town.at(600)
    assert town.state("f") == (State.UNKNOWN, None)
    assert (town.bucket("p"), town.bucket("x")) == (Bucket.POWER, Bucket.POWER)


def test_that_it_was_the_power_is_not_forgotten_when_the_mains_are_back_and_the_device_is_not() -> None:
    town = Town([device("p"), device("s", "p", kind="power")])
    town.reads("p", "s")
    town.at(0)
    town.reads("s", metric="on_mains", value=0)
    town.fall("p")
    assert town.at(5).bucket("p") is Bucket.POWER
    town.seconds = 60
    town.reads("s", metric="on_mains", value=1)
    assert town.at(60).bucket("p") is Bucket.POWER


def test_a_power_sensor_that_tells_after_the_fall_is_believed_at_once() -> None:
    town = Town([device("p"), device("s", "p", kind="power")])
    town.reads("p", "s")
    town.at(0)
    town.fall("p")
    assert town.at(5).bucket("p") is Bucket.DOWN
    town.seconds = 6
    town.reads("s", metric="on_mains", value=0)
    assert town.at(6).bucket("p") is Bucket.POWER


def test_a_last_gasp_makes_an_outage_one_of_power() -> None:
    town = Town([device("p")])
    town.reads("p")
    town.at(0)
    town.ledger.heard.gasps["p"] = after(4)
    town.fall("p")
    assert town.at(5).bucket("p") is Bucket.POWER


def test_a_warning_that_holds_makes_an_up_device_degraded_and_its_end_up_again() -> None:
    town = Town([device("a")])
    town.reads("a")
    town.at(0)
    town.ledger.learn_warned({"a": ("optical-low",)})
    assert town.at(10).state("a") == (State.DEGRADED, None)
    assert town.ledger.standings["a"].since == after(10)
    town.ledger.learn_warned({})
    assert town.at(20).state("a") == (State.UP, None)


def test_maintenance_is_a_mark_and_a_row_of_its_own() -> None:
    town = Town([device("a")])
    town.reads("a")
    town.at(0)
    town.ledger.learn_maintained(frozenset({"a"}))
    town.at(10)
    assert (town.marks("a"), town.bucket("a")) == ({Mark.MAINTENANCE}, Bucket.MAINTENANCE)
    assert town.ledger.standings["a"].since == after(10)


def a_city(count: int = 10) -> Town:
    town = Town([device(f"p{n}") for n in range(count)], StateSettings.model_validate(PATCHED))
    town.reads(*(f"p{n}" for n in range(count)))
    return town.at(0)


def verdict(seconds: float, reached: int) -> Verdict:
    return Verdict(at=after(seconds), asked=3, reached=reached)


def test_when_a_crowd_falls_and_no_witness_answers_it_is_us() -> None:
    town = a_city()
    town.fall("p0", "p1", "p2", "p3")
    town.at(5)
    suspicion = town.ledger.suspicion
    assert not suspicion.suspect(town.ledger.spoke, verdict(1, 0), town.now), "asked before the crowd fell"
    assert suspicion.undecided(verdict(1, 3), town.now)
    town.seconds = 8
    assert suspicion.suspect(town.ledger.spoke, verdict(7, 1), town.now)
    town.ledger.touch_all()
    town.at(8)
    assert [town.state(f"p{n}")[0] for n in range(5)] == [State.UNKNOWN] * 4 + [State.UP]
    town.seconds = 100
    assert suspicion.suspect(town.ledger.spoke, verdict(99, 3), town.now)
    town.ledger.touch_all()
    town.at(100)
    assert Mark.AWAITING_RECHECK in town.marks("p0")
    town.seconds = 110
    town.reads("p0", "p4")
    town.at(110)
    assert town.state("p0") == (State.UP, None)
    town.at(221)
    assert town.state("p1") == (State.DOWN, None)
    assert town.ledger.standings["p1"].since == after(100)


def test_when_a_crowd_falls_and_the_witnesses_answer_it_is_not_us() -> None:
    town = a_city()
    town.fall("p0", "p1", "p2", "p3")
    town.at(5)
    suspicion = town.ledger.suspicion
    suspicion.suspect(town.ledger.spoke, verdict(1, 3), town.now)
    assert suspicion.undecided(verdict(1, 3), town.now)
    suspicion.suspect(town.ledger.spoke, verdict(6, 2), after(8))
    assert not suspicion.undecided(verdict(6, 2), after(8))
    assert not suspicion.cut_off


def test_when_the_witnesses_never_answer_in_time_nobody_waits_for_ever() -> None:
    town = a_city()
    town.fall("p0", "p1", "p2", "p3")
    town.at(5)
    suspicion = town.ledger.suspicion
    suspicion.suspect(town.ledger.spoke, None, town.now)
    assert suspicion.undecided(None, after(20))
    assert not suspicion.undecided(None, after(22))


@pytest.mark.parametrize("count", [1, 3])
def test_a_few_that_fall_are_no_crowd(count: int) -> None:
    town = a_city()
    town.fall(*(f"p{n}" for n in range(count)))
    town.at(5)
    assert not town.ledger.suspicion.suspect(town.ledger.spoke, verdict(6, 0), after(7))
