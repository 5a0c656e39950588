"""From a published message to its committed row, on the real broker and the real database."""

import asyncio
import time

from ingest.registry_view import LOOK_AGAIN_SECONDS
from tests.centre import Centre, ingesting

READINGS = """
select device_id, metric, extract(epoch from time)::float8, value
from reading join series on series.id = series_id order by 1, 2, 3
"""
REJECTED = "select device_id, reason from rejected order by received_at, reason"


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def test_a_message_becomes_a_committed_row(centre: Centre) -> None:
    ts = now_ms()
    async with ingesting(centre):
        await centre.publish("fp-001", f'{{"ts": {ts}, "values": {{"rx_power_dbm": -21.4}}}}')
        await centre.until(READINGS, ("fp-001", "rx_power_dbm", ts / 1000, -21.4))


async def test_a_lone_message_is_committed_within_200_ms_by_design(centre: Centre) -> None:
    """The age limit bounds the wait; that the clock agrees is the bench's figure."""
    async with ingesting(centre):
        await centre.publish("fp-001", '{"rx_power_dbm": -21.4}')
        await centre.until("select device_id, value from reading join series on id = series_id", ("fp-001", -21.4))


async def test_good_values_beside_bad_ones_are_kept(centre: Centre) -> None:
    async with ingesting(centre):
        await centre.publish("fp-001", '{"rx_power_dbm": -21.4, "rtt_seconds": "fast", "nonsense": 1, "on_mains": 7}')
        await centre.until(
            "select reason, count(*) from rejected group by 1 order by 1",
            ("bad-value", 1),
            ("out-of-range", 1),
            ("unknown-metric", 1),
        )
        await centre.until("select metric, value from reading join series on id = series_id", ("rx_power_dbm", -21.4))


async def test_every_rejection_keeps_the_head_of_its_payload(centre: Centre) -> None:
    async with ingesting(centre):
        await centre.publish("fp-001", b"\xff" * 70_000)
        await centre.until("select device_id, reason, length(payload) from rejected", ("fp-001", "too-large", 4_096))


async def test_an_unknown_device_is_refused_until_it_is_in_the_registry(centre: Centre) -> None:
    async with ingesting(centre):
        await centre.publish("fp-900", '{"rx_power_dbm": -20}')
        await centre.until(REJECTED, ("fp-900", "unknown-device"))
        await centre.has_devices(fp_900="fibre_point")
        await asyncio.sleep(LOOK_AGAIN_SECONDS)  # so long a stranger makes nobody look again
        await centre.publish("fp-900", '{"rx_power_dbm": -20.5}')
        await centre.until("select device_id, value from reading join series on id = series_id", ("fp-900", -20.5))


async def test_the_same_message_twice_is_one_reading(centre: Centre) -> None:
    payload = f'{{"ts": {now_ms()}, "values": {{"rx_power_dbm": -21.4}}}}'
    async with ingesting(centre):
        await centre.publish("fp-001", payload)
        await centre.publish("fp-001", payload)
        await centre.publish("fp-002", "not json")
        await centre.until(REJECTED, ("fp-002", "not-json"))
    assert len(await centre.rows("select * from reading")) == 1


async def test_of_two_values_for_one_moment_the_first_stays(centre: Centre) -> None:
    ts = now_ms()
    async with ingesting(centre):
        for value in (-21.0, -22.0):
            await centre.publish("fp-001", f'{{"ts": {ts}, "values": {{"rx_power_dbm": {value}}}}}')
        await centre.publish("fp-002", "not json")
        await centre.until(REJECTED, ("fp-002", "not-json"))
    assert await centre.rows("select value from reading") == [(-21.0,)]
    assert await centre.rows("select value from latest") == [(-21.0,)]


async def test_latest_never_goes_backwards_and_history_never_moves_it(centre: Centre) -> None:
    ts = now_ms()
    async with ingesting(centre):
        await centre.publish("fp-001", f'{{"ts": {ts}, "values": {{"rx_power_dbm": -21}}}}')
        await centre.publish("fp-001", f'{{"ts": {ts - 60_000}, "values": {{"rx_power_dbm": -22}}}}')
        await centre.publish("fp-001", f'{{"ts": {ts + 1000}, "values": {{"rx_power_dbm": -23}}, "historical": true}}')
        await centre.until("select count(*) from reading", (3,))
    assert await centre.rows("select value from latest") == [(-21.0,)]


async def test_late_data_lands_in_its_own_chunk(centre: Centre) -> None:
    ts = now_ms() - 20 * 86_400_000
    async with ingesting(centre):
        await centre.publish("fp-001", f'{{"ts": {ts}, "values": {{"rx_power_dbm": -21}}}}')
        await centre.until("select count(*) from reading", (1,))
    chunks = await centre.rows(
        "select range_start <= to_timestamp(%s) and to_timestamp(%s) < range_end from timescaledb_information.chunks"
        " where hypertable_name = 'reading'",
        ts / 1000,
        ts / 1000,
    )
    assert chunks == [(True,)]


async def test_a_status_is_kept_and_a_retained_repetition_is_no_news(centre: Centre) -> None:
    await centre.publish("fp-001", "online", channel="status", retain=True)
    async with ingesting(centre):
        await centre.until("select device_id, status, retained from device_status", ("fp-001", "online", True))
        await centre.publish("fp-001", "offline", channel="status", retain=True)
        await centre.until("select device_id, status, retained from device_status", ("fp-001", "offline", False))
        await centre.publish("fp-001", "perhaps", channel="status")
        await centre.until(REJECTED, ("fp-001", "bad-shape"))
    async with ingesting(centre):
        await centre.publish("fp-002", "online", channel="status")
        await centre.until(
            "select device_id, status, retained from device_status order by 1",
            ("fp-001", "offline", False),
            ("fp-002", "online", False),
        )
    await centre.publish("fp-001", "", channel="status", retain=True)


async def test_an_event_is_kept_once(centre: Centre) -> None:
    payload = f'{{"ts": {now_ms()}, "type": "last_gasp", "data": {{"volts": 3.1}}}}'
    async with ingesting(centre):
        await centre.publish("fp-001", payload, channel="event")
        await centre.publish("fp-001", payload, channel="event")
        await centre.publish("fp-001", '{"type": 5}', channel="event")
        await centre.until(REJECTED, ("fp-001", "bad-shape"))
    assert await centre.rows("select device_id, type, data ->> 'volts' from event") == [("fp-001", "last_gasp", "3.1")]


async def test_what_the_database_cannot_store_is_refused_alone(centre: Centre) -> None:
    async with ingesting(centre):
        await centre.publish("fp-001", '{"type": "door_open", "data": "\\u0000"}', channel="event")
        await centre.publish("fp-001", '{"rx_power_dbm": -20, "a\\u0000b": 1}')
        await centre.publish("fp-002", '{"rx_power_dbm": -21}')
        await centre.until("select count(*) from reading", (2,))
        await centre.until("select reason from rejected order by 1", ("bad-shape",), ("unknown-metric",))


async def test_messages_wait_at_the_broker_while_ingest_is_away(centre: Centre) -> None:
    async with ingesting(centre):
        pass
    for n in range(50):
        await centre.publish("fp-001", f'{{"ts": {now_ms() + n}, "values": {{"rx_power_dbm": -21}}}}')
    centre.ready["broker"] = "waiting"
    async with ingesting(centre):
        await centre.until("select count(*) from reading", (50,))


async def test_a_retained_value_without_a_time_never_looks_fresh(centre: Centre) -> None:
    await centre.publish("fp-001", '{"rx_power_dbm": -21.4}', retain=True)
    await centre.publish("fp-002", f'{{"ts": {now_ms()}, "values": {{"rx_power_dbm": -22}}}}', retain=True)
    try:
        async with ingesting(centre):
            await centre.until(REJECTED, ("fp-001", "clock"))
            await centre.until("select device_id, value from reading join series on id = series_id", ("fp-002", -22))
    finally:
        for device in ("fp-001", "fp-002"):
            await centre.publish(device, "", retain=True)
