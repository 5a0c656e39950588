"""Readings: raw, rolled up, and the tail that is not rolled up yet."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from ingest.upkeep import roll_up
from tests.dashboards.city import City, Clock

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PATH = "/api/v1/devices/fp-001/readings"


def _text(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


async def _history(city: City, since: datetime, count: int, every: timedelta) -> list[tuple[datetime, float]]:
    """Readings whose values are exact in binary, so that sums in any order are equal."""
    await city.add("fp-001")
    readings = [(since + number * every, ((number * 37) % 64) / 4 - 30) for number in range(count)]
    await city.reads("fp-001", "rx_power_dbm", *readings)
    return readings


async def _due(city: City, since: datetime, until: datetime) -> None:
    """What ingest leaves in the transaction that writes the readings."""
    await city.execute(
        "insert into rollup_due (bucket) "
        "select generate_series(time_bucket('5 minutes', %s::timestamptz), %s, '5 minutes')",
        since,
        until,
    )


async def _roll(city: City, now: datetime) -> None:
    async with city.pool.connection() as connection:
        while await roll_up(connection, now):
            pass


def _expected(readings: Iterable[tuple[datetime, float]], width: timedelta) -> list[dict[str, object]]:
    buckets: dict[datetime, list[float]] = {}
    for time, value in readings:
        buckets.setdefault(time - (time - datetime(1970, 1, 1, tzinfo=UTC)) % width, []).append(value)
    return [
        {
            "time": _text(start),
            "min": min(values),
            "avg": sum(values) / len(values),
            "max": max(values),
            "last": values[-1],
            "count": len(values),
        }
        for start, values in sorted(buckets.items())
    ]


async def test_the_last_day_is_what_is_asked_for_when_nothing_is_said(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await _history(city, clock.now() - 30 * HOUR, 31, HOUR)
    answer = (await wall.get(PATH, params={"metric": "rx_power_dbm"})).json()
    assert {key: answer[key] for key in ("device", "metric", "unit", "step", "bucket_seconds", "next")} == {
        "device": "fp-001",
        "metric": "rx_power_dbm",
        "unit": "dBm",
        "step": "raw",
        "bucket_seconds": None,
        "next": None,
    }
    assert [point["time"] for point in answer["points"]] == [
        _text(clock.now() - hours * HOUR) for hours in range(24, 0, -1)
    ]


async def test_the_span_holds_its_beginning_and_not_its_end(wall: httpx.AsyncClient, city: City, clock: Clock) -> None:
    since = clock.now() - 10 * MINUTE
    await _history(city, since, 5, MINUTE)
    span = {"metric": "rx_power_dbm", "from": _text(since + MINUTE), "to": _text(since + 3 * MINUTE)}
    points = (await wall.get(PATH, params=span)).json()["points"]
    assert [point["time"] for point in points] == [_text(since + MINUTE), _text(since + 2 * MINUTE)]


@pytest.mark.parametrize(("step", "width"), [("5m", 5 * MINUTE), ("1h", HOUR)])
@pytest.mark.parametrize("rolled", ["nothing", "half", "all that closed"])
async def test_roll_ups_equal_the_raw_readings_whatever_is_rolled_up(
    wall: httpx.AsyncClient, city: City, clock: Clock, step: str, width: timedelta, rolled: str
) -> None:
    since = clock.now() - 6 * HOUR
    readings = await _history(city, since, 6 * 60 * 2, MINUTE / 2)
    await _due(city, since, clock.now())
    if rolled != "nothing":
        await _roll(city, clock.now() - (3 * HOUR if rolled == "half" else timedelta()))
    answer = (await wall.get(PATH, params={"metric": "rx_power_dbm", "step": step})).json()
    assert (answer["step"], answer["bucket_seconds"]) == (step, width.total_seconds())
    assert answer["points"] == _expected(readings, width)


async def test_a_late_reading_is_in_its_bucket_before_the_next_roll_up(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    since = clock.now() - 3 * HOUR
    readings = await _history(city, since, 180, MINUTE)
    await _due(city, since, clock.now())
    await _roll(city, clock.now() + HOUR)
    late = (since + 30.5 * MINUTE, -12.25)
    await city.reads("fp-001", "rx_power_dbm", late)
    series = await city.number("fp-001", "rx_power_dbm")
    await city.execute(
        "insert into rollup_due values (time_bucket('5 minutes', %s::timestamptz), array[%s::int])", late[0], series
    )
    for step, width in (("5m", 5 * MINUTE), ("1h", HOUR)):
        answer = (await wall.get(PATH, params={"metric": "rx_power_dbm", "step": step})).json()
        assert answer["points"] == _expected(sorted([*readings, late]), width)


async def test_a_roll_up_whose_raw_readings_are_forgotten_is_still_right(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    since = clock.now() - 3 * HOUR
    readings = await _history(city, since, 180, MINUTE)
    await _due(city, since, clock.now())
    await _roll(city, clock.now() + HOUR)
    await city.execute("delete from reading")
    await _due(city, since, clock.now())
    for step in ("auto", "5m"):
        answer = (await wall.get(PATH, params={"metric": "rx_power_dbm", "step": step})).json()
        assert (answer["step"], answer["points"]) == ("5m", _expected(readings, 5 * MINUTE))


async def test_auto_widens_its_step_with_the_span_and_never_passes_two_thousand(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    series = await city.number("fp-001", "rx_power_dbm")
    until = clock.now()
    first = until.replace(minute=0, second=0) - 400 * DAY
    await city.execute(
        "insert into reading select %s, time, -20 from generate_series(%s::timestamptz, %s, '10 s') as time",
        series,
        until - 9 * HOUR,
        until,
    )
    for table, every in (("rollup_5m", "5 min"), ("rollup_1h", "1 hour")):
        await city.execute(
            f"insert into {table} select %s, time, -21, -19, -40, 2, -20 "  # noqa: S608  one of the two names above
            "from generate_series(%s::timestamptz, %s, %s::interval) as time",
            series,
            first,
            until,
            every,
        )
    for days, step, bucket_seconds in (
        (0.1, "raw", None),
        (1, "5m", 300),
        (6, "5m", 300),
        (7, "1h", 3_600),
        (83, "1h", 3_600),
        (84, "1h", 7_200),
        (365, "1h", 6 * 3_600),
    ):
        span = {"metric": "rx_power_dbm", "from": _text(until - days * DAY), "to": _text(until)}
        answer = (await wall.get(PATH, params=span)).json()
        assert (answer["step"], answer["bucket_seconds"], answer["next"]) == (step, bucket_seconds, None), days
        assert 0 < len(answer["points"]) <= 2_000
        if days > 84:
            assert {point["count"] for point in answer["points"][1:-3]} == {12}
            assert {point["avg"] for point in answer["points"]} == {-20}


async def test_a_span_of_a_thousand_years_is_as_wide_as_its_data(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await _history(city, clock.now() - HOUR, 60, MINUTE)
    span = {"metric": "rx_power_dbm", "from": "1970-01-01T00:00:00Z", "to": "2999-01-01T00:00:00Z"}
    answer = (await wall.get(PATH, params=span)).json()
    assert (answer["step"], len(answer["points"])) == ("raw", 60)


@pytest.mark.parametrize("step", ["raw", "5m"])
async def test_an_explicit_step_is_paged_completely_and_without_doubles(
    wall: httpx.AsyncClient, city: City, clock: Clock, step: str
) -> None:
    readings = await _history(city, clock.now() - 20 * DAY, 5_000, 5 * MINUTE)
    await _due(city, clock.now() - 21 * DAY, clock.now())
    span = {"metric": "rx_power_dbm", "step": step, "from": _text(clock.now() - 21 * DAY), "to": _text(clock.now())}
    times: list[str] = []
    cursor: str | None = ""
    pages = 0
    while cursor is not None:
        answer = (await wall.get(PATH, params={**span, "cursor": cursor})).json()
        times += [point["time"] for point in answer["points"]]
        cursor, pages = answer["next"], pages + 1
        assert len(answer["points"]) <= 2_000
    wide = timedelta(microseconds=1) if step == "raw" else 5 * MINUTE
    assert times == [point["time"] for point in _expected(readings, wide)]
    assert pages == 3


async def test_a_metric_never_reported_has_no_points(wall: httpx.AsyncClient, city: City) -> None:
    await city.add("fp-001")
    answer = await wall.get(PATH, params={"metric": "rtt_seconds"})
    assert (answer.status_code, answer.json()["points"], answer.json()["unit"]) == (200, [], "s")


async def test_an_unknown_device_is_404_and_an_unknown_metric_422(wall: httpx.AsyncClient, city: City) -> None:
    assert (await wall.get(PATH, params={"metric": "rtt_seconds"})).status_code == 404
    await city.add("fp-001")
    answer = await wall.get(PATH, params={"metric": "level_metres"})
    assert (answer.status_code, "rx_power_dbm" in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize(
    "faulty",
    [
        {},
        {"from": "2026-11-21T14:02:10"},
        {"from": "2026-11-21"},
        {"from": "1795230000"},
        {"from": "2026-11-21T14:02:10 07:00"},
        {"from": "2026-02-30T00:00:00Z"},
        {"to": "0001-01-01T00:00:00+23:59"},
        {"from": "2026-11-21T14:00:00Z", "to": "2026-11-21T14:00:00Z"},
        {"step": "1m"},
        {"cursor": "nonsense"},
        {"cursor": "WyJub3cgaXNoIl0"},
    ],
)
async def test_what_cannot_be_understood_is_422_and_says_where(
    wall: httpx.AsyncClient, city: City, faulty: dict[str, str]
) -> None:
    await city.add("fp-001")
    params = {"metric": "rx_power_dbm", **faulty} if faulty else {}
    answer = await wall.get(PATH, params=params)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text


async def test_a_time_may_carry_any_zone(wall: httpx.AsyncClient, city: City, clock: Clock) -> None:
    await _history(city, clock.now() - HOUR, 60, MINUTE)
    span = {"metric": "rx_power_dbm", "from": "2026-11-21T20:32:10+07:00", "to": "2026-11-21T13:42:10z"}
    assert len((await wall.get(PATH, params=span)).json()["points"]) == 10
