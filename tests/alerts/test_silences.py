"""Silences: what they are about, how long they hold, and that they end with what they silenced."""

from typing import Any

import pytest
from pydantic import ValidationError

from alerts.labels import labels_of
from alerts.silences import rows
from alerts.silences.silence import Followed, Match, Silence, followed, silenced
from devices.device import Device
from tests.alerts.city import SILENT, City, after, firing, settings

DEVICES = {
    "pop": Device(id="pop", kind="fibre_point", name="POP"),
    "fp-1": Device(id="fp-1", kind="fibre_point", name="FP 1", parents=("pop",)),
    "hs-1": Device(id="hs-1", kind="hotspot", name="HS 1", parents=(("fp-1", "fp-9"),)),
}
LABELS = labels_of(firing(device="fp-1", labels={"team": "jaringan"}))


def a_silence(match: dict[str, Any], *, number: int = 1, until: float = 3_600, **more: Any) -> Silence:  # noqa: ANN401  fields of several types
    terms = {"owner": "sari", "reason": "ganti SFP", "since": after(0), "until": after(until)}
    return Silence(id=number, match=Match.model_validate(match), **{**terms, **more})


@pytest.mark.parametrize(
    "match",
    [
        {"alertname": "optical-low"},
        {"device": "fp-1"},
        {"kind": "fibre_point", "area": "Lengkiti"},
        {"severity": "warning"},
        {"labels": {"team": "jaringan"}},
        {"below": "pop"},
        {"below": "fp-1"},
        {"below": "pop", "severity": "warning", "labels": {"team": "jaringan"}},
    ],
)
def test_a_silence_holds_what_carries_every_value_it_names(match: dict[str, Any]) -> None:
    silence = a_silence(match)
    assert silenced(LABELS, [silence], after(1), DEVICES) is silence


@pytest.mark.parametrize(
    "match",
    [
        {"alertname": "silent"},
        {"device": "fp-10"},
        {"kind": "fibre_point", "area": "Baturaja Timur"},
        {"severity": "critical"},
        {"labels": {"team": "kamera"}},
        {"labels": {"shift": ""}} | {"device": "fp-1", "labels": {"shift": "malam"}},
        {"below": "hs-1"},
        {"below": "nobody"},
        {"below": "pop", "severity": "critical"},
    ],
)
def test_a_silence_holds_nothing_else(match: dict[str, Any]) -> None:
    assert silenced(LABELS, [a_silence(match)], after(1), DEVICES) is None


def test_what_hangs_on_a_device_by_any_way_is_below_it_and_what_is_in_no_registry_is_below_nothing() -> None:
    silence = a_silence({"below": "pop"})
    assert silenced({**LABELS, "device": "hs-1"}, [silence], after(1), DEVICES) is silence
    assert silenced({**LABELS, "device": "10.0.0.9:9100"}, [silence], after(1), DEVICES) is None


@pytest.mark.parametrize(("at", "holds"), [(-1, False), (0, True), (3_599, True), (3_600, False)])
def test_a_silence_holds_from_its_beginning_until_its_end(at: float, holds: bool) -> None:  # noqa: FBT001  a table of cases
    assert (silenced(LABELS, [a_silence({"device": "fp-1"})], after(at)) is not None) is holds


def test_of_two_silences_the_one_that_holds_longest_is_named() -> None:
    short, long = a_silence({"device": "fp-1"}, until=60), a_silence({"device": "fp-1"}, number=2)
    assert silenced(LABELS, [long, short], after(1)) is long


@pytest.mark.parametrize(
    "match", [{}, {"labels": {}}, {"device": ""}, {"severity": "page"}, {"colour": "red"}, {"labels": {"a": 5}}, []]
)
def test_a_silence_about_nothing_or_nonsense_is_none(match: Any) -> None:  # noqa: ANN401  JSON
    with pytest.raises(ValidationError):
        Match.model_validate(match)


def test_one_that_ends_on_recovery_ends_when_what_it_silenced_is_over_not_before_there_was_anything() -> None:
    waiting = a_silence({"device": "fp-1"}, ends_on_recovery=True)
    busy = a_silence({"device": "fp-1"}, ends_on_recovery=True, silenced_at=after(1))
    timed = a_silence({"device": "fp-1"}, silenced_at=after(1))
    assert followed([waiting, busy, timed], []) == Followed([], [1])
    assert followed([waiting, busy, timed], [LABELS]) == Followed([1], [])


async def test_the_engine_ends_a_silence_with_the_last_alert_it_silenced_also_after_a_restart(city: City) -> None:
    city.start(settings(SILENT))
    for device in ("fp-1", "fp-2"):
        await city.add(device)
        await city.reads(device, -20.0)
    async with city.pool.connection() as connection:
        match = Match(alertname="silent")
        terms = {"owner": "sari", "reason": "galian jalan", "now": city.clock.now(), "until": after(9_000)}
        await rows.add(connection, match, on_recovery=True, **terms)
        await rows.add(connection, match, on_recovery=False, **terms)
    await city.round()
    city.clock.pass_(91)
    await city.round()
    assert await city.run("select ends_on_recovery, silenced_at from silence order by id") == [
        (True, city.clock.now()),
        (False, None),
    ]
    await city.reads("fp-1", -20.0)
    await city.round()
    assert await city.run("select ended_by from silence order by id") == [(None,), (None,)]
    city.start(settings(SILENT))
    await city.reads("fp-2", -20.0)
    await city.round()
    ended = await city.run("select ended_by, ended_at from silence order by id")
    assert ended == [("recovery", city.clock.now()), (None, None)]
    async with city.pool.connection() as connection:
        assert [silence.id for silence in await rows.load(connection, city.clock.now())] == [2]
        assert await rows.load(connection, after(9_000)) == []


async def test_a_row_that_says_nothing_silences_nothing_and_stops_nobody(city: City) -> None:
    city.start(settings(SILENT))
    await city.run(
        "insert into silence (match, owner, reason, since, until, ends_on_recovery)"
        """ values ('{"colour": "red"}', 'x', 'x', %s, %s, true)""",
        [after(0), after(60)],
    )
    await city.round()
    async with city.pool.connection() as connection:
        assert await rows.load(connection, after(1)) == []


async def test_which_alerts_a_silence_holds_is_told_with_those_below_its_device(city: City) -> None:
    city.start(settings(SILENT))
    await city.add("pop")
    await city.add("fp-1", "pop")
    for device in ("pop", "fp-1"):
        await city.reads(device, -20.0)
    await city.run("update alert set state = 'firing'")
    city.clock.pass_(91)
    await city.round()
    async with city.pool.connection() as connection:
        held = await rows.holding(connection, [a_silence({"below": "pop"}), a_silence({"device": "fp-1"}, number=2)])
        firing_now = await city.run("select id, device from alert where state = 'firing' order by id")
        assert held == {1: [number for number, _ in firing_now], 2: [n for n, device in firing_now if device == "fp-1"]}
        assert held[1]


TOLD = "select body ->> 'status' from notification order by id"


async def test_what_is_silenced_is_told_when_the_silence_ends_and_an_end_is_told_all_the_same(city: City) -> None:
    city.start(settings(SILENT, urls={"ops": "http://127.0.0.1:9/"}))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    terms = {"owner": "sari", "reason": "galian jalan", "on_recovery": False}
    async with city.pool.connection() as connection:
        await rows.add(connection, Match(device="fp-1"), now=city.clock.now(), until=after(200), **terms)
    city.clock.moment = after(91)
    await city.round()
    city.clock.moment = after(150)
    await city.round()
    assert await city.run("select state from alert") == [("firing",)]
    assert await city.run(TOLD) == []
    for at in (201, 206, 211):
        city.clock.moment = after(at)
        await city.round()
    assert await city.run(TOLD) == [("firing",)]
    async with city.pool.connection() as connection:
        await rows.add(connection, Match(device="fp-1"), now=city.clock.now(), until=after(900), **terms)
    await city.reads("fp-1", -20.0)
    await city.round()
    assert await city.run(TOLD) == [("firing",), ("resolved",)]
