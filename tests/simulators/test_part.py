"""What a played device would say, after what befell it: by hand-made clocks, without a broker."""

import msgspec
import pytest

from devices.device import Device
from simulators.city import MODELS, City
from simulators.outage import BATCH_REPORTS, MEMORY_REPORTS, Fade, Memory, Pinned, Report
from simulators.part import Part
from simulators.schedule import Pace
from simulators.voices import PROBER, voices

NOW = 1_798_736_400.0
PACE = Pace(started=NOW, interval_seconds=0.5)
POINT = Device(id="fp-1", kind="fibre_point", name="FP")
SERVICE = Device(id="web", kind="service", name="Web")


def part(device: Device = POINT, *, probed: bool = False) -> Part:
    return Part(device, City(seed=1), PACE, probed=probed)


def test_a_healthy_device_says_what_the_city_has_it_measure() -> None:
    report = part().report(NOW)
    assert report == Report(ts=int(NOW * 1_000), values=City(seed=1).values(POINT, NOW))


def test_no_two_reports_of_a_device_have_one_time() -> None:
    subject = part()
    times = [report.ts for report in (subject.report(NOW), subject.report(NOW), subject.report(NOW + 1)) if report]
    assert times == [int(NOW * 1_000), int(NOW * 1_000) + 1, int(NOW * 1_000) + 1_000]


def test_a_silent_device_says_nothing_and_keeps_nothing() -> None:
    subject = part()
    subject.silent = True
    assert subject.report(NOW) is None
    assert not subject.memory


def test_of_a_device_that_is_cut_nothing_is_said_and_its_reports_are_kept_if_it_has_a_memory() -> None:
    forgetful, mindful = part(), part()
    for subject in (forgetful, mindful):
        subject.cut = True
    mindful.remembering = True
    assert forgetful.report(NOW) is mindful.report(NOW) is None
    assert not forgetful.memory
    assert mindful.memory.oldest() == [part().report(NOW)]


@pytest.mark.parametrize(("device", "failed"), [(POINT, {"packet_loss_ratio": 1.0}), (SERVICE, {"available": 0.0})])
def test_of_a_probed_device_that_is_cut_is_said_that_its_probe_failed(device: Device, failed: dict[str, float]) -> None:
    subject = part(device, probed=True)
    subject.cut = True
    report = subject.report(NOW)
    assert report is not None
    assert report.values == failed


def test_light_fades_evenly_and_stays_where_it_fell() -> None:
    fade = Fade(metric="rx_power_dbm", by=-9.0, seconds=3.0)
    assert [fade.bent(-20.0, elapsed) for elapsed in (0.0, 1.0, 3.0, 60.0)] == [-20.0, -23.0, -29.0, -29.0]


def test_without_seconds_it_falls_in_one_step() -> None:
    assert Fade(metric="rx_power_dbm", by=-9.0).bent(-20.0, 0.0) == -29.0


def test_troubles_add_up_until_the_device_recovers() -> None:
    subject = part()
    healthy = subject.values(NOW)
    subject.suffer([Fade(metric="rx_power_dbm", by=-2.0), Pinned(metric="on_mains", value=0.0)], NOW)
    subject.suffer([Fade(metric="rx_power_dbm", by=-1.0)], NOW)
    bent = {**healthy, "rx_power_dbm": pytest.approx(healthy["rx_power_dbm"] - 3.0), "on_mains": 0.0}
    assert subject.values(NOW) == bent
    subject.recover()
    assert subject.values(NOW) == healthy


def test_a_memory_is_told_from_the_oldest_on_in_messages_that_ingest_takes() -> None:
    memory = Memory()
    for ts in range(250):
        memory.keep(Report(ts=ts, values={}))
    told = []
    while batch := memory.oldest():
        assert len(batch) <= BATCH_REPORTS
        told += [report.ts for report in batch]
        memory.forget(batch[-1].ts)
    assert told == list(range(250))


def test_a_full_memory_forgets_the_oldest() -> None:
    memory = Memory()
    for ts in range(MEMORY_REPORTS + 10):
        memory.keep(Report(ts=ts, values={}))
    assert len(memory) == MEMORY_REPORTS
    assert memory.oldest()[0].ts == 10


def test_what_is_said_to_be_history_is_all_that_was_kept_by_then() -> None:
    memory = Memory()
    memory.keep(Report(ts=1, values={}))
    memory.turn_historical()
    memory.keep(Report(ts=2, values={}))
    assert [report.historical for report in memory.oldest()] == [True, False]


def test_every_device_speaks_for_itself_but_the_sensors_around_a_gateway() -> None:
    devices = [
        Device(id="gw-1", kind="gateway", name="GW", parents=("fp-1",)),
        Device(id="gw-2", kind="gateway", name="GW", parents=("gw-1",)),
        Device(id="wl-1", kind="water_level", name="WL", parents=("gw-1",)),
        Device(id="ws-1", kind="weather", name="WS", parents=("fp-1", ("gw-2", "gw-3"))),
        Device(id="aq-1", kind="air_quality", name="AQ", parents=("gw-absent",)),
        POINT,
    ]
    assert voices(devices) == {
        "gw-1": "gw-1", "gw-2": "gw-2", "wl-1": "gw-1", "ws-1": "gw-2", "aq-1": "aq-1", "fp-1": "fp-1",
    }  # fmt: skip


def test_the_prober_speaks_of_those_it_asks() -> None:
    assert voices([POINT, SERVICE], probed={"web"}) == {"fp-1": "fp-1", "web": PROBER}


@pytest.mark.parametrize("nobody", ["wl-1", "absent"])
def test_who_cannot_be_asked_is_refused_by_name(nobody: str) -> None:
    with pytest.raises(ValueError, match=nobody):
        voices([POINT, Device(id="wl-1", kind="water_level", name="WL")], probed={"fp-1", nobody})


@pytest.mark.parametrize("kind", sorted(MODELS))
def test_a_message_full_of_reports_is_small_enough_for_ingest(kind: str) -> None:
    report = part(Device(id="x", kind=kind, name="X")).report(NOW)
    assert len(msgspec.json.encode([report] * BATCH_REPORTS)) < 64 * 1_024
