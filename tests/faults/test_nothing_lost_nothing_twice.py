"""Stories with real processes and servers: whatever dies, the rows are the distinct good readings that were sent.

Each has a short form for `make test` and a long one for `make soak`: `seconds` of load, and of the outage in it.
"""

import asyncio

import pytest

from tests.load import after, nothing, stream, under_load
from tests.rig import MakeRig, until

RATE = 2_000
SHORT = pytest.param(4, 1, id="short")
LONG = pytest.param(180, 60, id="long", marks=pytest.mark.soak)

lasting = pytest.mark.parametrize(("seconds", "outage"), [SHORT, LONG])


@lasting
async def test_ingest_killed_again_and_again_in_the_middle_of_a_load(
    make_rig: MakeRig, seconds: int, outage: float
) -> None:
    with make_rig() as line:
        (worker,) = line.workers

        async def kill_again_and_again() -> None:
            for _ in range(seconds):
                await asyncio.sleep(0.7)
                worker.kill()
                worker.start()

        await under_load(line, stream(seconds * RATE), rate=RATE, disturb=kill_again_and_again)
        line.until_rows(seconds * RATE)


@lasting
async def test_the_database_is_away_and_comes_back(make_rig: MakeRig, seconds: int, outage: float) -> None:
    with make_rig() as line:

        async def stop_and_start() -> None:
            await asyncio.sleep(1)
            line.postgres.kill()
            await asyncio.sleep(outage)
            line.postgres.start()

        await under_load(line, stream(seconds * RATE), rate=RATE, disturb=stop_and_start)
        line.until_rows(seconds * RATE)


@lasting
async def test_the_broker_is_restarted(make_rig: MakeRig, seconds: int, outage: float) -> None:
    with make_rig() as line:

        async def restart() -> None:
            await asyncio.sleep(1)
            line.mosquitto.stop()
            await asyncio.sleep(outage)
            line.mosquitto.start()

        report = await under_load(line, stream(seconds * RATE), rate=RATE, disturb=restart)
        assert report.connections > 1
        line.until_rows(seconds * RATE)


@lasting
async def test_ingest_is_away_and_the_broker_restarted_meanwhile(
    make_rig: MakeRig, seconds: int, outage: float
) -> None:
    with make_rig() as line:
        (worker,) = line.workers

        async def leave_and_restart() -> None:
            await asyncio.sleep(0.5)
            assert worker.stop() == 0
            await asyncio.sleep(outage)
            line.mosquitto.stop()
            line.mosquitto.start()
            worker.start()

        await under_load(line, stream(seconds * RATE), rate=RATE, disturb=leave_and_restart)
        line.until_rows(seconds * RATE)


@lasting
async def test_of_two_workers_one_is_killed_and_neither_writes_twice(
    make_rig: MakeRig, seconds: int, outage: float
) -> None:
    with make_rig(workers=2) as line:
        _, second = line.workers

        async def kill_the_second() -> None:
            await asyncio.sleep(1)
            second.kill()
            await asyncio.sleep(outage)
            second.start()

        await under_load(line, stream(seconds * RATE), rate=RATE, disturb=kill_the_second)
        line.until_rows(seconds * RATE)
        line.until_ready()
        shares = [worker.metric("pantau_ingest_readings_committed_total") for worker in line.workers]
        assert all(shares), f"one worker had it all: {shares}"


async def test_a_worker_taken_out_of_service_drains_what_was_queued_for_it(make_rig: MakeRig) -> None:
    with make_rig(workers=2) as line:
        first, second = line.workers

        async def take_the_second_out() -> None:
            await asyncio.sleep(1)
            second.kill()
            await asyncio.sleep(1)
            first.kill()
            line.set_workers(1)
            first.start()
            second.start()

        await under_load(line, stream(6_000), rate=RATE, disturb=take_the_second_out)
        line.until_rows(6_000)
        line.until_ready()
        before = second.metric("pantau_ingest_messages_received_total")
        assert before > 0
        await under_load(line, after(6_000, 1_000), rate=RATE, disturb=nothing, client_id="later")
        line.until_rows(7_000)
        assert second.metric("pantau_ingest_messages_received_total") == before


async def test_the_same_messages_twice_are_stored_once(make_rig: MakeRig) -> None:
    with make_rig() as line:
        for turn in ("first", "second"):
            await under_load(line, stream(4_000), rate=RATE, disturb=nothing, client_id=turn)
        line.until_rows(4_000)
        (worker,) = line.workers
        until(lambda: worker.metric("pantau_ingest_readings_duplicate_total") >= 4_000, "the second turn is through")
        assert worker.metric("pantau_ingest_readings_duplicate_total") == 4_000


async def test_messages_without_a_time_are_not_counted_twice_when_ingest_is_killed(make_rig: MakeRig) -> None:
    """These are stored under the time of receipt, so that only the broker's packet identifiers tell them apart."""
    with make_rig() as line:
        (worker,) = line.workers
        messages = [(topic, b'{"rtt_seconds": %.6f}' % (n / 1e6)) for n, (topic, _) in enumerate(stream(8_000))]

        async def kill_again_and_again() -> None:
            for _ in range(4):
                await asyncio.sleep(0.7)
                worker.kill()
                worker.start()

        await under_load(line, iter(messages), rate=RATE, disturb=kill_again_and_again)
        line.until_rows(8_000)
        assert line.ask("select count(distinct value) from reading") == [(8_000,)]
