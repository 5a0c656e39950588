"""What people say of alerts: over a real database, with the engine and others saying something at the same moment."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from psycopg import AsyncConnection

from alerts import desk
from alerts.alert import Change, EndReason, State
from alerts.desk import Said
from alerts.store import save
from tests.alerts.city import DOWN, NOON, SILENT, City, after, firing, settings
from tests.patience import PATIENCE_SECONDS

TRANSITIONS = "select from_state, to_state, who, why from alert_transition order by id"
RULE = {**DOWN, "keep_firing_for": "0s"}
Connection = AsyncConnection[Any]


def says(who: str = "sari", **more: Any) -> Said:  # noqa: ANN401  fields of several types
    return Said(**{"who": who, "at": after(100), **more})


@pytest.fixture
async def connection(city: City) -> AsyncIterator[Connection]:
    async with city.pool.connection() as connection:
        yield connection


async def opened(connection: Connection, *devices: str) -> list[int]:
    """Alerts that fire since noon."""
    stored = await save(connection, [Change(before=None, after=firing(device=device)) for device in devices], NOON)
    return [change.after.id for change in stored if change.after.id is not None]


async def alert(connection: Connection, number: int) -> tuple[Any, ...]:
    columns = "state, acknowledged_at, acknowledged_by, ends_at, end_reason"
    (row,) = await (await connection.execute(f"select {columns} from alert where id = %s", [number])).fetchall()  # type: ignore[arg-type]  # noqa: S608  our own words
    found: tuple[Any, ...] = row
    return found


async def test_an_alert_is_taken_given_back_and_ended_and_every_step_is_written_down(
    city: City, connection: Connection
) -> None:
    (one,) = await opened(connection, "fp-1")
    assert await desk.acknowledge(connection, [one], says(why="saya berangkat")) == [one]
    assert await alert(connection, one) == ("acknowledged", after(100), "sari", None, None)
    assert await desk.unacknowledge(connection, [one], says()) == [one]
    assert await alert(connection, one) == ("firing", None, None, None, None)
    assert await desk.resolve(connection, [one], says("budi", at=after(200))) == [one]
    assert await alert(connection, one) == ("resolved", None, None, after(200), "by-hand")
    assert await city.run(TRANSITIONS) == [
        (None, "firing", "engine", "optical-low"),
        ("firing", "acknowledged", "sari", "saya berangkat"),
        ("acknowledged", "firing", "sari", ""),
        ("firing", "resolved", "budi", ""),
    ]


async def test_saying_it_again_changes_nothing_and_who_took_it_first_keeps_it(
    city: City, connection: Connection
) -> None:
    (one,) = await opened(connection, "fp-1")
    await desk.acknowledge(connection, [one], says())
    assert await desk.acknowledge(connection, [one], says("budi", at=after(101))) == []
    assert (await alert(connection, one))[:3] == ("acknowledged", after(100), "sari")
    await desk.resolve(connection, [one], says())
    assert await desk.resolve(connection, [one], says()) == []
    assert await desk.acknowledge(connection, [one], says()) == []
    assert await desk.unacknowledge(connection, [one], says()) == []
    assert len(await city.run(TRANSITIONS)) == 3


async def test_what_is_only_pending_can_be_ended_but_neither_taken_nor_given_back(
    city: City, connection: Connection
) -> None:
    pending = firing(state=State.PENDING, fired_at=None)
    ((change),) = await save(connection, [Change(before=None, after=pending)], NOON)
    assert change.after.id is not None
    assert await desk.acknowledge(connection, [change.after.id], says()) == []
    assert await desk.unacknowledge(connection, [change.after.id], says()) == []
    assert await desk.resolve(connection, [change.after.id], says()) == [change.after.id]


@pytest.mark.parametrize(
    ("said", "recorded", "earlier"),
    [(60, 60, 60), (-60, 0, 0), (5_000, 100, None), (100, 100, None)],
    ids=["earlier", "before it fired", "in the future", "just now"],
)
async def test_a_phone_that_was_out_of_reach_has_both_times_in_the_record(
    city: City, connection: Connection, said: float, recorded: float, earlier: float | None
) -> None:
    (one,) = await opened(connection, "fp-1")
    assert await desk.acknowledge(connection, [one], says(said_at=after(said))) == [one]
    assert (await alert(connection, one))[1] == after(recorded)
    times = await city.run("select at, said_at from alert_transition where who = 'sari'")
    assert times == [(after(100), None if earlier is None else after(earlier))]


async def test_who_took_it_while_it_fired_is_written_down_although_it_is_over_by_now(
    city: City, connection: Connection
) -> None:
    (one,) = await opened(connection, "fp-1")
    await desk.resolve(connection, [one], says("budi", at=after(90)))
    for _ in range(2):
        assert await desk.acknowledge(connection, [one], says(said_at=after(60))) == []
    late = await city.run("select from_state, to_state, at, said_at from alert_transition where who = 'sari'")
    assert late == [("resolved", "resolved", after(100), after(60))]
    assert (await alert(connection, one))[0] == "resolved"


async def test_what_is_said_of_an_incident_is_said_of_all_its_alerts_that_go_on(city: City) -> None:
    city.start(settings(RULE))
    await city.add("fp-1")
    await city.says("online", "fp-1")
    await city.round()
    city.clock.pass_(1)
    await city.says("offline", "fp-1")
    await city.round()
    async with city.pool.connection() as connection:
        ((incident,),) = await city.run("select id from incident")
        (one,) = await desk.alerts_of(connection, incident)
        assert await desk.acknowledge(connection, await desk.alerts_of(connection, incident), says()) == [one]
        assert await desk.alerts_of(connection, incident + 1) == []


async def test_a_comment_sent_twice_stands_once(city: City, connection: Connection) -> None:
    (one,) = await opened(connection, "fp-1")
    assert await desk.comment(connection, says(said_at=after(60)), "kabel putus di tiang 14", alert_id=one)
    later = says(at=after(900), said_at=after(60))
    assert not await desk.comment(connection, later, "kabel putus di tiang 14", alert_id=one)
    assert await desk.comment(connection, says(at=after(901)), "tersambung", alert_id=one)
    assert not await desk.comment(connection, says(at=after(902)), "tersambung", alert_id=one)
    assert await desk.comment(connection, says(at=after(990)), "tersambung", alert_id=one)
    comments = await city.run("select who, text, at, said_at from alert_comment order by id")
    assert comments == [
        ("sari", "kabel putus di tiang 14", after(100), after(60)),
        ("sari", "tersambung", after(901), None),
        ("sari", "tersambung", after(990), None),
    ]


async def test_two_who_take_it_at_once_do_not_both_have_it(city: City) -> None:
    async with city.pool.connection() as first, city.pool.connection() as second:
        (one,) = await opened(first, "fp-1")
        async with first.transaction():
            assert await desk.acknowledge(first, [one], says()) == [one]
            other = asyncio.create_task(desk.acknowledge(second, [one], says("budi")))
            await asyncio.sleep(0.1)
            assert not other.done()
        assert await other == []
        assert (await alert(first, one))[2] == "sari"


async def test_an_end_by_the_engine_that_comes_first_leaves_nothing_to_take(city: City) -> None:
    async with city.pool.connection() as engine, city.pool.connection() as person:
        (one,) = await opened(engine, "fp-1")
        known = firing(id=one, device="fp-1")
        async with engine.transaction():
            ends = Change(before=known, after=known.resolve(after(50), EndReason.CLEARED))
            assert await save(engine, [ends], after(50)) == [ends]
            taking = asyncio.create_task(desk.acknowledge(person, [one], says()))
            await asyncio.sleep(0.1)
            assert not taking.done()
        assert await taking == []


@pytest.mark.parametrize("said", [desk.acknowledge, desk.resolve])
async def test_what_a_person_says_first_stands_against_the_engines_older_knowledge(city: City, said: Any) -> None:  # noqa: ANN401  one of two functions
    async with city.pool.connection() as engine, city.pool.connection() as person:
        (one,) = await opened(engine, "fp-1")
        known = firing(id=one, device="fp-1")
        newer = Change(before=known, after=firing(id=one, device="fp-1", evidence_at=after(90)))
        async with person.transaction():
            await said(person, [one], says())
            saving = asyncio.create_task(save(engine, [newer], after(100)))
            await asyncio.sleep(0.1)
            assert not saving.done()
        stored = await saving
        state = (await alert(person, one))[0]
        assert [(change.after.state, change.moves) for change in stored] == (
            [(State.ACKNOWLEDGED, False)] if state == "acknowledged" else []
        )
        assert state == ("acknowledged" if said is desk.acknowledge else "resolved")


async def test_what_a_person_gave_back_is_not_taken_again_by_the_engines_older_knowledge(
    city: City, connection: Connection
) -> None:
    (one,) = await opened(connection, "fp-1")
    known = firing(id=one, device="fp-1").acknowledge(after(10), "sari")
    newer = Change(before=known, after=firing(id=one, device="fp-1", evidence_at=after(90)).acknowledge(NOON, "sari"))
    (stored,) = await save(connection, [newer], after(100))
    assert (stored.after.state, stored.moves) == (State.FIRING, False)
    assert (await alert(connection, one))[:3] == ("firing", None, None)


async def test_an_engine_and_two_persons_who_mean_the_same_alerts_never_wait_for_each_other(city: City) -> None:
    """Three who hold the same fifty alerts in different orders would be a deadlock within a few rounds."""
    async with city.pool.connection() as engine, city.pool.connection() as one, city.pool.connection() as other:
        numbers = await opened(engine, *(f"fp-{number}" for number in range(50)))
        known = {number: firing(id=number, device=f"fp-{at}") for at, number in enumerate(numbers)}

        async def judges() -> None:
            for at in range(30):
                changes = [
                    Change(before=alert, after=firing(id=number, device=alert.device, evidence_at=after(at)))
                    for number, alert in reversed(known.items())
                ]
                async with engine.transaction():
                    await save(engine, changes[::2], after(at))
                    await save(engine, [], after(at))

        async def speaks(person: Connection, who: str) -> None:
            for _ in range(30):
                async with person.transaction():
                    await desk.acknowledge(person, numbers[::-1], says(who))
                async with person.transaction():
                    await desk.unacknowledge(person, numbers, says(who))

        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(judges(), speaks(one, "sari"), speaks(other, "budi"))


async def test_what_was_ended_by_hand_and_goes_on_is_another_alert_in_the_next_round(city: City) -> None:
    city.start(settings(SILENT))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    city.clock.pass_(91)
    await city.round()
    async with city.pool.connection() as connection:
        assert await desk.resolve(connection, [1], says(at=city.clock.now())) == [1]
    city.clock.pass_(1)
    await city.round()
    assert await city.states() == [("silent", "fp-1", "resolved"), ("silent", "fp-1", "firing")]
    assert await city.run("select count(*) from incident where state = 'open'") == [(1,)]


async def test_who_was_told_of_an_alert_hears_that_somebody_ended_it(city: City) -> None:
    city.start(settings(RULE, urls={"ops": "http://127.0.0.1:9/"}))
    await city.add("fp-1")
    await city.says("online", "fp-1")
    await city.round()
    city.clock.pass_(1)
    await city.says("offline", "fp-1")
    await city.round()
    await city.says("online", "fp-1")
    async with city.pool.connection() as connection:
        await desk.acknowledge(connection, [1], says(at=city.clock.now()))
        await desk.resolve(connection, [1], says(at=city.clock.now()))
    city.clock.pass_(1)
    await city.round()
    messages = await city.run("select body ->> 'status' from notification order by id")
    assert messages == [("firing",), ("resolved",)]
    assert await city.run("select state from incident") == [("resolved",)]


async def test_transitions_of_a_whole_city_falling_are_stored_together(city: City, connection: Connection) -> None:
    opening = [Change(before=None, after=firing(device=f"fp-{number}")) for number in range(2_270)]
    async with connection.transaction():
        stored = await save(connection, opening, NOON)
    ending = [
        Change(before=one.after, after=one.after.resolve(NOON + timedelta(hours=1), EndReason.CLEARED))
        for one in stored
    ]
    async with connection.transaction():
        await save(connection, ending, NOON)
    assert await city.run("select count(*) from alert_transition") == [(4_540,)]
