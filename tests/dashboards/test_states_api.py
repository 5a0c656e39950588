"""The history of a device, and the times in which we could not see."""

from datetime import timedelta

import httpx

from tests.dashboards.city import START, City, Clock

HOUR = timedelta(hours=1)
PATH = "/api/v1/devices/fp-001/states"


async def _history(city: City) -> None:
    """Up since yesterday, an outage learned late, up again, down."""
    await city.add("fp-001")
    await city.stands("fp-001", "up", "up", START - 30 * HOUR, START - 5 * HOUR)
    late = START - HOUR
    await city.stands("fp-001", "down", "down", START - 5 * HOUR, START - 4 * HOUR, reason="probes", heard_at=late)
    await city.stands("fp-001", "up", "up", START - 4 * HOUR, START - 2 * HOUR)
    await city.stands(
        "fp-001", "unreachable", "upstream", START - 2 * HOUR, cause="fp-000", reason="silence", marks=["flapping"]
    )


async def test_a_history_is_told_oldest_first_with_its_true_times(reader: httpx.AsyncClient, city: City) -> None:
    await _history(city)
    items = (await reader.get(PATH)).json()["items"]
    assert [item["state"] for item in items] == ["up", "down", "up", "unreachable"]
    assert items[0]["since"] == "2026-11-20T08:02:10Z"
    assert items[-1] == {
        "state": "unreachable",
        "since": "2026-11-21T12:02:10Z",
        "until": None,
        "cause": "fp-000",
        "marks": ["flapping"],
        "reason": "silence",
        "bucket": "upstream",
        "heard_at": None,
    }


async def test_an_outage_learned_after_it_ended_says_when_it_was_heard(reader: httpx.AsyncClient, city: City) -> None:
    await _history(city)
    late = (await reader.get(PATH)).json()["items"][1]
    times = (late["since"], late["until"], late["heard_at"])
    assert times == ("2026-11-21T09:02:10Z", "2026-11-21T10:02:10Z", "2026-11-21T13:02:10Z")


async def test_only_rows_that_touch_the_span_are_told(reader: httpx.AsyncClient, city: City) -> None:
    await _history(city)
    span = {"from": (START - 4 * HOUR).isoformat(), "to": (START - 2 * HOUR).isoformat()}
    assert [item["state"] for item in (await reader.get(PATH, params=span)).json()["items"]] == ["up"]


async def test_a_history_is_paged_without_doubles(reader: httpx.AsyncClient, city: City) -> None:
    await _history(city)
    states: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await reader.get(PATH, params={"limit": 1, "cursor": cursor})).json()
        states += [item["state"] for item in page["items"]]
        cursor = page["next"]
    assert states == ["up", "down", "up", "unreachable"]


async def test_of_a_device_that_is_not_there_is_no_history(reader: httpx.AsyncClient, city: City) -> None:
    await city.stands("gone", "up", "up", START - HOUR)
    assert (await reader.get("/api/v1/devices/gone/states")).status_code == 404
    await city.add("fp-001")
    assert (await reader.get(PATH, params={"from": START.isoformat()})).status_code == 422


async def test_blind_times_that_touch_the_span_are_told(reader: httpx.AsyncClient, city: City, clock: Clock) -> None:
    for since, until in ((START - 50 * HOUR, START - 49 * HOUR), (START - 3 * HOUR, START - 2 * HOUR)):
        await city.execute("insert into blind_window (reason, since, until) values ('ingest', %s, %s)", since, until)
    await city.execute("insert into blind_window (reason, since) values ('uplink', %s)", START - HOUR)
    items = (await reader.get("/api/v1/blind")).json()["items"]
    assert [(item["reason"], item["until"]) for item in items] == [
        ("uplink", None),
        ("ingest", "2026-11-21T12:02:10Z"),
    ]


async def test_the_summary_is_blind_since_the_earliest_window_that_is_open(
    reader: httpx.AsyncClient, city: City
) -> None:
    await city.add("fp-001")
    await city.judged()
    await city.reads("fp-001", "rtt_seconds", (START, 0.01))
    for reason, since in (("uplink", START - HOUR), ("ingest", START - 2 * HOUR)):
        await city.execute("insert into blind_window (reason, since) values (%s, %s)", reason, since)
    assert (await reader.get("/api/v1/summary")).json()["blind_since"] == "2026-11-21T12:02:10Z"


async def test_an_engine_whose_clock_runs_ahead_is_not_believed(
    reader: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    """Its word of an hour to come would stand for an hour after its death."""
    await city.add("fp-001")
    await city.stands("fp-001", "up", "up", START - HOUR)
    clock.pass_seconds(3600)
    await city.judged()
    clock.pass_seconds(-3600)
    assert (await reader.get("/api/v1/devices/fp-001")).json()["state"] == "unknown"


async def test_a_device_that_nobody_judged_yet_is_unknown_without_a_reason(
    reader: httpx.AsyncClient, city: City
) -> None:
    await city.add("fp-001")
    await city.judged()
    device = (await reader.get("/api/v1/devices/fp-001")).json()
    assert (device["state"], device["since"], device["reason"]) == ("unknown", None, None)


async def test_where_nobody_ever_judged_we_are_blind(reader: httpx.AsyncClient, city: City) -> None:
    await city.add("fp-001")
    assert (await reader.get("/api/v1/devices/fp-001")).json()["reason"] == "blind"
    assert (await reader.get("/api/v1/summary")).json()["blind_since"] is not None
