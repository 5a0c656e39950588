"""Rates, windows, forecasts and anomalies, asked of a real TimescaleDB."""

from collections.abc import Sequence
from typing import Any

import pytest

from alerts.measurements import MOST_ASKED, Measurements
from alerts.rules.derived import Derived
from alerts.rules.subject import Measured
from tests.alerts.city import NOON, City, after, settings

LEVEL = "level_metres"
WINDOW = {"name": "w", "kind": "window", "metric": LEVEL, "above": 3.0, "over": "5m"}
RATE = {"name": "r", "kind": "rate", "metric": LEVEL, "above": 0.5, "over": "1h", "per": "hour"}
FORECAST = {"name": "f", "kind": "forecast", "metric": LEVEL, "above": 6.0, "over": "1h", "within": "2h"}
ANOMALY = {"name": "a", "kind": "anomaly", "metric": LEVEL}

SERIES = """
insert into series (device_id, metric) values (%s, %s)
on conflict (device_id, metric) do update set metric = excluded.metric returning id
"""
LATEST = """
insert into latest (series_id, time, value, received_at) values (%s, %s, %s, %s)
on conflict (series_id) do update
set time = excluded.time, value = excluded.value, received_at = excluded.received_at, changed = pg_current_xact_id()
"""
ROLL = "insert into {table} (series_id, bucket, min, max, sum, count, last) values (%s, %s, %s, %s, %s, %s, %s)"


async def told(city: City, device: str, *points: tuple[float, float], metric: str = LEVEL) -> int:
    """Readings at seconds after noon; the last one is the newest, received as it was made. The number of the series."""
    ((series,),) = await city.run(SERIES, [device, metric])
    for at, value in points:
        await city.run("insert into reading values (%s, %s, %s) on conflict do nothing", [series, after(at), value])
    at, value = points[-1]
    await city.run(LATEST, [series, after(at), value, after(at)])
    return int(series)


async def rolled(city: City, table: str, series: int, rows: Sequence[tuple[float, float]], count: int = 10) -> None:
    """Buckets at seconds after noon, each of `count` readings with this mean."""
    for at, mean in rows:
        values = [series, after(at), mean - 1, mean + 1, mean * count, count, mean]
        await city.run(ROLL.format(table=table), values)


async def reckoned(city: City, terms: dict[str, Any], at: float = 0) -> dict[str, Measured]:
    """What the rule makes of the devices, `at` seconds after noon."""
    city.start(settings(terms))
    city.clock.moment = after(at)
    await city.round()
    assert not city.reader.view.failures.known
    return city.reader.view.measurements.values.get(terms["name"], {})


def every(seconds: int, *, since: int, value: float = 2.0, slope: float = 0.0) -> list[tuple[float, float]]:
    """Points up to noon, `since` seconds before it; with so much more a second."""
    return [(float(at), value + slope * at) for at in range(-since, 1, seconds)]


@pytest.fixture(autouse=True)
async def gauge(city: City) -> None:
    await city.add("wl-1", kind="water_level")


class TestWindow:
    @pytest.mark.parametrize(("aggregate", "value"), [("avg", 3.0), ("min", 1.0), ("max", 5.0), ("count", 5.0)])
    async def test_what_a_metric_was_like(self, city: City, aggregate: str, value: float) -> None:
        # The first one lies outside: the window ends at the newest reading and is open at its beginning.
        await told(city, "wl-1", (-300, 99.0), (-240, 1.0), (-180, 2.0), (-120, 3.0), (-60, 4.0), (0, 5.0))
        found = await reckoned(city, WINDOW | {"aggregate": aggregate})
        assert found["wl-1"] == Measured(value=value, at=NOON, facts=(5.0,))

    async def test_it_ends_at_the_newest_reading_not_now_and_is_as_old_as_that(self, city: City) -> None:
        await told(city, "wl-1", *every(60, since=240, value=5.0))
        assert (await reckoned(city, WINDOW, at=150))["wl-1"].at == NOON
        assert await city.states() == [("w", "wl-1", "firing")]

    async def test_late_data_page_nobody(self, city: City) -> None:
        await told(city, "wl-1", *every(60, since=240, value=5.0))
        assert (await reckoned(city, WINDOW, at=181))["wl-1"].value == 5.0
        assert await city.states() == []

    async def test_of_a_window_not_half_covered_nothing_is_known(self, city: City) -> None:
        await told(city, "wl-1", (-149, 9.0), (0, 9.0))
        assert await reckoned(city, WINDOW) == {}
        await told(city, "wl-1", (-150, 9.0), (0, 9.0))
        assert (await reckoned(city, WINDOW))["wl-1"].value == 9.0

    async def test_a_clock_that_runs_ahead_has_the_same_window_and_is_believed_up_to_the_receipt(
        self, city: City
    ) -> None:
        series = await told(city, "wl-1", *[(at + 240, value) for at, value in every(60, since=240, value=5.0)])
        await city.run("update latest set received_at = %s where series_id = %s", [NOON, series])
        assert (await reckoned(city, WINDOW))["wl-1"] == Measured(value=5.0, at=NOON, facts=(5.0,))

    async def test_a_reading_stamped_twice_by_a_gateway_counts_once_for_each_stamp(self, city: City) -> None:
        """It is another reading for all that can be known; the mean of equal values is none the worse for it."""
        await told(city, "wl-1", *every(60, since=240), (0.001, 2.0))
        assert (await reckoned(city, WINDOW))["wl-1"].value == 2.0

    async def test_equal_milliseconds_are_one_reading(self, city: City) -> None:
        await told(city, "wl-1", *every(60, since=240), (0.0, 2.0))
        assert (await reckoned(city, WINDOW))["wl-1"].facts == (5.0,)

    async def test_a_long_window_is_told_from_five_minute_roll_ups(self, city: City) -> None:
        series = await told(city, "wl-1", (0, 4.0))
        await rolled(city, "rollup_5m", series, [(-at, 4.0) for at in range(300, 3 * 3600 + 1, 300)])
        found = await reckoned(city, WINDOW | {"over": "3h"})
        assert found["wl-1"] == Measured(value=4.0, at=NOON, facts=(360.0,))


class TestRate:
    async def test_the_change_an_hour(self, city: City) -> None:
        await told(city, "wl-1", *every(60, since=3_600, slope=0.6 / 3600))
        found = (await reckoned(city, RATE))["wl-1"]
        assert (round(found.value, 6), found.facts) == (0.6, (2.0,))
        assert await city.states() == [("r", "wl-1", "firing")]

    async def test_one_odd_reading_at_its_edge_is_no_change(self, city: City) -> None:
        await told(city, "wl-1", *every(60, since=3_600)[:-1], (0, 2.3))
        assert (await reckoned(city, RATE))["wl-1"].value < 0.1

    async def test_a_counter_that_restarts_has_not_fallen(self, city: City) -> None:
        await city.add("fp-1")
        points = [(-120.0, 1000.0), (-60.0, 7000.0), (0.0, 600.0)]
        await told(city, "fp-1", *points, metric="traffic_in_bytes_total")
        terms = RATE | {"metric": "traffic_in_bytes_total", "over": "2m1s", "per": "second", "above": 50.0}
        assert (await reckoned(city, terms))["fp-1"].value == 55.0

    async def test_over_days_it_is_told_from_hourly_roll_ups(self, city: City) -> None:
        series = await told(city, "wl-1", (0, 2.0))
        await rolled(city, "rollup_1h", series, [(-3600.0 * hour, 2 - 0.1 * hour / 24) for hour in range(1, 7 * 24)])
        found = (await reckoned(city, RATE | {"over": "7d", "per": "day"}))["wl-1"]
        assert round(found.value, 6) == 0.1


class TestForecast:
    @pytest.mark.parametrize("method", ["linear", "holt"])
    async def test_a_river_that_reaches_the_mark_within_two_hours(self, city: City, method: str) -> None:
        await told(city, "wl-1", *every(60, since=3_600, value=4.0, slope=1.5 / 3600))
        found = (await reckoned(city, FORECAST | {"method": method}))["wl-1"]
        assert [round(one, 4) for one in (found.value, *found.facts)] == [7.0, 4.0, 80.0]
        ((summary,),) = await city.run("select summary from alert")
        assert summary == "WL-1: f (7.0 dalam 80 menit)"

    async def test_one_that_rises_too_slowly_does_not(self, city: City) -> None:
        await told(city, "wl-1", *every(60, since=3_600, value=4.0, slope=0.9 / 3600))
        assert (await reckoned(city, FORECAST))["wl-1"].facts[1] == 120.0
        assert await city.states() == []

    async def test_one_that_falls_back_ends_it(self, city: City) -> None:
        await told(city, "wl-1", *every(60, since=3_600, value=4.0, slope=1.5 / 3600))
        await reckoned(city, FORECAST)
        await told(city, "wl-1", *[(60.0 * minute, 4.0 - 0.05 * minute) for minute in range(1, 31)])
        city.clock.moment = after(1_800)
        await city.round()
        assert await city.states() == [("f", "wl-1", "resolved")]


class TestAnomaly:
    WEEK = 7 * 86_400

    async def _past(self, city: City, *means: float) -> int:
        """Half past noon of UTC's hour; the two hours of each week before have the same mean."""
        series = await told(city, "wl-1", (1_800, 20.0))
        for number, mean in enumerate(means, 1):
            await rolled(city, "rollup_1h", series, [(-self.WEEK * number, mean), (-self.WEEK * number - 3600, mean)])
        return series

    async def _hour(self, city: City, series: int, mean: float) -> None:
        await rolled(city, "rollup_5m", series, [(float(at), mean) for at in range(-1_800, 1_500, 300)])

    async def test_an_hour_unlike_the_same_hour_of_past_weeks(self, city: City) -> None:
        series = await self._past(city, 10.0, 11.0, 9.0, 10.0, 10.5)
        await self._hour(city, series, 20.0)
        found = (await reckoned(city, ANOMALY, at=1_800))["wl-1"]
        assert found.facts == (20.0, 10.0)
        assert round(found.value, 3) == round(10.0 / (1.4826 * 0.5), 3)
        assert await city.states() == [("a", "wl-1", "firing")]

    @pytest.mark.parametrize(("direction", "sign"), [("both", 1), ("up", -1), ("down", 1)])
    async def test_too_little_may_be_as_odd_as_too_much(self, city: City, direction: str, sign: int) -> None:
        series = await self._past(city, 10.0, 11.0, 9.0, 10.0, 10.5)
        await self._hour(city, series, 2.0)
        found = (await reckoned(city, ANOMALY | {"direction": direction}, at=1_800))["wl-1"]
        assert (found.value > 0) == (sign > 0)

    async def test_both_hours_count_by_their_share(self, city: City) -> None:
        series = await told(city, "wl-1", (900, 20.0))
        for number in range(1, 5):
            at = -self.WEEK * number
            await rolled(city, "rollup_1h", series, [(at, 8.0), (at - 3600, 16.0)])
        await rolled(city, "rollup_5m", series, [(float(at), 14.0) for at in range(-2_700, 600, 300)])
        found = (await reckoned(city, ANOMALY | {"least_spread": 1.0}, at=900))["wl-1"]
        assert (found.value, found.facts) == (0.0, (14.0, 14.0))

    async def test_before_so_many_weeks_are_known_nothing_is_said(self, city: City) -> None:
        series = await self._past(city, 10.0, 11.0, 9.0)
        await self._hour(city, series, 20.0)
        assert await reckoned(city, ANOMALY, at=1_800) == {}
        assert await reckoned(city, ANOMALY | {"least_weeks": 3}, at=1_800) != {}


class TestCadence:
    async def _asked(self, city: City, rule: str = "w") -> int:
        """How many devices the next round asks about."""
        measurements = city.reader.view.measurements
        before = dict(measurements.values.get(rule, {}))
        await city.round()
        return sum(before.get(device) is not one for device, one in measurements.values.get(rule, {}).items())

    async def test_only_devices_with_news_are_asked_about_and_only_every_tenth_of_the_window(self, city: City) -> None:
        await city.add("wl-2", kind="water_level")
        for device in ("wl-1", "wl-2"):
            await told(city, device, *every(60, since=240))
        city.start(settings(WINDOW))
        assert await self._asked(city) == 2
        city.clock.pass_(29)
        await told(city, "wl-1", (29.0, 2.0))
        assert await self._asked(city) == 0
        city.clock.pass_(1)
        assert await self._asked(city) == 1
        city.clock.pass_(3600)
        assert await self._asked(city) == 0

    def test_a_city_that_has_just_begun_to_be_watched_is_asked_about_in_parts(self) -> None:
        (rule,) = settings(WINDOW).rules
        assert isinstance(rule, Derived)
        measurements = Measurements(rules=[rule])
        for number in range(2 * MOST_ASKED + 1):
            measurements.news(f"wl-{number}", [rule])
        asked = [measurements.take(one, NOON) for _ in range(4) for one in measurements.due(NOON)]
        assert [len(devices) for devices in asked] == [MOST_ASKED, MOST_ASKED, 1]
        assert len({device for devices in asked for device in devices}) == 2 * MOST_ASKED + 1

    async def test_another_metric_is_no_news(self, city: City) -> None:
        await told(city, "wl-1", *every(60, since=240))
        city.start(settings(WINDOW))
        await city.round()
        city.clock.pass_(60)
        await told(city, "wl-1", (60.0, 0.9), metric="battery_ratio")
        assert await self._asked(city) == 0

    @pytest.mark.parametrize(
        ("terms", "seconds"), [(WINDOW, 30), (WINDOW | {"over": "1m"}, 6), (FORECAST, 60), (ANOMALY, 60)]
    )
    def test_how_often_is_a_tenth_of_the_window_from_a_second_to_a_minute(
        self, terms: dict[str, Any], seconds: float
    ) -> None:
        (rule,) = settings(terms).rules
        assert isinstance(rule, Derived)
        assert rule.cadence.total_seconds() == seconds


async def test_for_of_a_window_goes_on_across_a_restart(city: City) -> None:
    terms = WINDOW | {"for": "2m"}
    await told(city, "wl-1", *every(60, since=240, value=5.0))
    await reckoned(city, terms)
    assert await city.states() == [("w", "wl-1", "pending")]
    await told(city, "wl-1", (60.0, 5.0), (119.0, 5.0))
    await reckoned(city, terms, at=119)
    assert await city.states() == [("w", "wl-1", "pending")]
    await reckoned(city, terms, at=120)
    assert await city.states() == [("w", "wl-1", "firing")]


async def test_keep_firing_for_goes_on_across_a_restart(city: City) -> None:
    terms = WINDOW | {"keep_firing_for": "2m"}
    await told(city, "wl-1", *every(60, since=240, value=5.0))
    await reckoned(city, terms)
    await told(city, "wl-1", *[(float(at), 1.0) for at in range(60, 301, 60)])
    await reckoned(city, terms, at=300)
    assert await city.states() == [("w", "wl-1", "firing")]
    await told(city, "wl-1", (360.0, 1.0), (420.0, 1.0))
    await reckoned(city, terms, at=420)
    assert await city.run("select state, ends_at from alert") == [("resolved", after(300))]


async def test_many_devices_are_one_question(city: City) -> None:
    for number in range(2, 40):
        await city.add(f"wl-{number}", kind="water_level")
        await told(city, f"wl-{number}", (-240, 1.0), (0, float(number)))
    found = await reckoned(city, WINDOW | {"aggregate": "max"})
    assert {device: one.value for device, one in found.items()} == {f"wl-{n}": float(n) for n in range(2, 40)}
