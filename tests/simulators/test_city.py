"""The simulated city: what all kinds promise, and how weather and the hour move them together."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.device import Device
from devices.kinds import KINDS
from simulators.city import MODELS, City
from simulators.nature.rhythm import DAY, HOUR
from simulators.nature.weather import Weather

CITY = City(seed=1)
SKY = Weather(seed=1, utc_offset_seconds=CITY.utc_offset_seconds)
NEW_YEAR = 1_798_736_400.0  # 2027-01-01T00:00+07:00, a Friday
MONDAY = NEW_YEAR + 3 * DAY

kinds = pytest.mark.parametrize("kind", sorted(MODELS))
moments = st.floats(min_value=NEW_YEAR, max_value=NEW_YEAR + 366 * DAY)
seeds = st.integers(min_value=0, max_value=1_000_000)
COUNTERS = [
    (kind, metric)
    for kind in sorted(MODELS)
    for metric in KINDS[kind].metrics
    if metric.endswith("_total") or metric == "uptime_seconds"
]


def device(kind: str, number: int = 1) -> Device:
    return Device(id=f"{kind}-{number}", kind=kind, name=f"{kind} {number}")


def wettest_moment() -> float:
    return max((NEW_YEAR + hour * HOUR for hour in range(90 * 24)), key=SKY.rain)


def driest_moment_at_the_same_hour(wet: float) -> float:
    """A day of the dry weeks, so that only the weather differs, not the hour; a weekday for a weekday."""
    return min((wet + week * 7 * DAY for week in range(52)), key=lambda t: SKY.fallen(t) + SKY.runoff(t))


def mean(kind: str, metric: str, t: float, *, devices: int = 20) -> float:
    return sum(CITY.value(device(kind, number), metric, t) for number in range(devices)) / devices


def test_every_kind_but_the_camera_is_played() -> None:
    assert set(MODELS) == set(KINDS) - {"camera"}
    assert not CITY.plays(device("camera"))


@kinds
@given(t=moments, seed=seeds)
def test_all_metrics_of_a_kind_are_within_its_physical_range(kind: str, t: float, seed: int) -> None:
    metrics = KINDS[kind].metrics
    values = City(seed=seed).values(device(kind), t)
    assert values.keys() == metrics.keys()
    for name, value in values.items():
        assert isinstance(value, float)
        assert metrics[name].low <= value <= metrics[name].high, name


@kinds
def test_the_same_seed_gives_the_same_values_in_any_order(kind: str) -> None:
    times = [NEW_YEAR + hour * 777.7 for hour in range(100)]
    shuffled = Random(3).sample(times, len(times))
    forwards = {t: City(seed=9).values(device(kind), t) for t in times}
    assert {t: City(seed=9).values(device(kind), t) for t in shuffled} == forwards


@kinds
def test_another_seed_and_another_device_give_other_values(kind: str) -> None:
    times = [NEW_YEAR + hour * 3_333.3 for hour in range(50)]
    first = [CITY.values(device(kind, 1), t) for t in times]
    assert [CITY.values(device(kind, 2), t) for t in times] != first
    assert [City(seed=2).values(device(kind, 1), t) for t in times] != first


@pytest.mark.parametrize(("kind", "metric"), COUNTERS)
@given(t=moments, later=st.floats(min_value=0, max_value=1e6), seed=seeds)
def test_a_counter_never_falls(kind: str, metric: str, t: float, later: float, seed: int) -> None:
    city, subject = City(seed=seed), device(kind)
    assert city.value(subject, metric, t + later) >= city.value(subject, metric, t)


@pytest.mark.parametrize(("kind", "metric"), COUNTERS)
@given(start=moments, steps=st.lists(st.floats(min_value=0, max_value=0.01), min_size=20, max_size=20))
def test_a_counter_does_not_fall_within_milliseconds_either(
    kind: str, metric: str, start: float, steps: list[float]
) -> None:
    t, before = start, 0.0
    for step in steps:
        t += step
        now = CITY.value(device(kind), metric, t)
        assert now >= before
        before = now


@pytest.mark.parametrize(("kind", "metric"), COUNTERS)
def test_a_counter_starts_at_zero_and_counts(kind: str, metric: str) -> None:
    assert CITY.value(device(kind), metric, 0.0) == 0.0
    assert CITY.value(device(kind), metric, NEW_YEAR + DAY) > CITY.value(device(kind), metric, NEW_YEAR)


def test_an_office_carries_most_traffic_in_office_hours() -> None:
    def grown(start_hour: float) -> float:
        start = MONDAY + start_hour * HOUR
        return mean("fibre_point", "traffic_in_bytes_total", start + 2 * HOUR) - mean(
            "fibre_point", "traffic_in_bytes_total", start
        )

    assert grown(9) > 8 * grown(1)


def test_hotspots_fill_in_the_evening() -> None:
    assert mean("hotspot", "clients", MONDAY + 20 * HOUR) > 3 * mean("hotspot", "clients", MONDAY + 3 * HOUR)


def test_a_feeder_sags_in_the_evening_and_wanders_slowly() -> None:
    assert mean("feeder", "voltage_volts", MONDAY + 20 * HOUR) < mean("feeder", "voltage_volts", MONDAY + 4 * HOUR)
    steps = [CITY.value(device("feeder"), "voltage_volts", MONDAY + 10.0 * step) for step in range(1_000)]
    assert max(abs(after - before) for before, after in pairwise(steps)) < 10
    assert max(steps) - min(steps) > 50


def test_street_lights_burn_from_dusk_to_dawn() -> None:
    assert [mean("street_light", "on", MONDAY + hour * HOUR) for hour in (0, 5.5, 6.5, 12, 17.5, 18.1, 23)] == [
        1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0,
    ]  # fmt: skip


def test_street_lights_do_not_all_switch_in_the_same_minute() -> None:
    assert 0.0 < mean("street_light", "on", MONDAY + 17.9 * HOUR) < 1.0


def test_a_healthy_city_gives_no_cause_for_an_alert() -> None:
    for hour in range(0, 366 * 24, 13):
        t = NEW_YEAR + hour * HOUR
        assert CITY.value(device("fibre_point"), "rx_power_dbm", t) > -25.0
        assert CITY.value(device("fibre_point"), "on_mains", t) == 1.0
        assert CITY.value(device("gateway"), "on_mains", t) == 1.0
        assert CITY.value(device("feeder"), "on_mains", t) == 1.0
        assert 18_000 < CITY.value(device("feeder"), "voltage_volts", t) < 21_000  # 20 kV, -10 % to +5 %
        assert CITY.value(device("service"), "available", t) == 1.0


def test_a_year_has_the_rain_of_the_tropics_and_a_dry_season() -> None:
    hours = [SKY.rain(NEW_YEAR + hour * HOUR) for hour in range(365 * 24)]
    assert 1_500 < sum(hours) < 5_000
    assert 0.03 < sum(rain > 0.1 for rain in hours) / len(hours) < 0.2
    january, july = sum(hours[: 31 * 24]), sum(hours[181 * 24 : 212 * 24])
    assert january > july


def test_the_same_rain_is_seen_by_all_stations() -> None:
    wet = wettest_moment()
    rains = [CITY.value(device("weather", number), "rainfall_millimetres_per_hour", wet) for number in range(20)]
    assert min(rains) > 0.0


@pytest.mark.parametrize(
    ("kind", "metric", "direction"),
    [
        ("weather", "temperature_celsius", -1),
        ("weather", "humidity_ratio", 1),
        ("air_quality", "pm2_5_micrograms_per_cubic_metre", -1),
        ("fibre_point", "rx_power_dbm", -1),
        ("fibre_point", "temperature_celsius", -1),
        ("village_internet", "packet_loss_ratio", 1),
        ("traffic_counter", "speed_metres_per_second", -1),
        ("hotspot", "clients", -1),
    ],
)
def test_rain_moves_many_sensors_together(kind: str, metric: str, direction: int) -> None:
    wet = wettest_moment()
    dry = driest_moment_at_the_same_hour(wet)
    assert direction * (mean(kind, metric, wet) - mean(kind, metric, dry)) > 0


def test_the_river_rises_hours_after_the_rain_and_falls_slowly() -> None:
    wet = wettest_moment()
    levels = [mean("water_level", "level_metres", wet + hour * HOUR) for hour in range(-2, 49)]
    peak = levels.index(max(levels)) - 2
    assert 2 <= peak <= 24
    assert max(levels) > levels[0] + 0.3


def test_the_gauges_see_the_flood_one_after_the_other() -> None:
    wet = wettest_moment()

    def peak(number: int) -> int:
        return max(
            range(48), key=lambda hour: CITY.value(device("water_level", number), "level_metres", wet + hour * HOUR)
        )

    assert len({peak(number) for number in range(10)}) > 1
