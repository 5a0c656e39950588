"""What one batch adds to the counters, and what a scrape sees before anything happened."""

from prometheus_client import REGISTRY

from devices.reading import Reading, Reason, Rejected
from ingest import metrics
from ingest.intake import Intake, Refusal
from ingest.message import Message
from ingest.stored import Stored

NOW_US = 1_795_230_000_000_000


def value(name: str, **labels: str) -> float:
    found = REGISTRY.get_sample_value(f"pantau_ingest_{name}", labels)
    assert found is not None
    return found


def message(received_us: int = NOW_US) -> Message:
    return Message("pantau/v1/fp-001/telemetry", b"{}", 2, 1, received_us)


def reading(time_us: int, *, historical: bool = False) -> Reading:
    return Reading("fp-001", "rtt_seconds", time_us, 1.0, NOW_US, historical)


def test_every_reason_is_there_before_its_first_rejection() -> None:
    for reason in Reason:
        assert value("rejected_total", reason=reason) >= 0


def test_a_batch_is_counted_by_what_became_of_it() -> None:
    names = ("readings_committed_total", "readings_duplicate_total", "readings_conflicting_total")
    before = [value(name) for name in names]
    refused = value("rejected_total", reason="clock")
    intake = Intake(refusals=[Refusal("fp-001", message(), Rejected(Reason.CLOCK, "late"))] * 3)
    metrics.count([message()], intake, Stored(committed=5, duplicate=2, conflicting=1), NOW_US)
    assert [value(name) - was for name, was in zip(names, before, strict=True)] == [5, 2, 1]
    assert value("rejected_total", reason="clock") - refused == 3


def test_the_lag_is_that_of_the_oldest_live_reading() -> None:
    before, count = value("device_lag_seconds_sum"), value("device_lag_seconds_count")
    live, backfill = [reading(NOW_US - 7_000_000), reading(NOW_US)], [reading(0, historical=True)]
    metrics.count([message()], Intake(readings=live + backfill), Stored(committed=3), NOW_US)
    assert value("device_lag_seconds_sum") - before == 7
    metrics.count([message()], Intake(readings=backfill), Stored(committed=1), NOW_US)
    assert value("device_lag_seconds_count") - count == 1


def test_a_clock_set_back_makes_no_age_negative() -> None:
    before = value("batch_age_seconds_sum"), value("device_lag_seconds_sum")
    metrics.count([message()], Intake(readings=[reading(NOW_US)]), Stored(committed=1), NOW_US - 9_000_000)
    assert (value("batch_age_seconds_sum"), value("device_lag_seconds_sum")) == before
