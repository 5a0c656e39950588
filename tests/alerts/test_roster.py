"""Whom a target means: never nobody where there is anybody."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.oncall.roster import Roster
from alerts.oncall.rota import Rota
from alerts.oncall.target import Target
from alerts.oncall.technician import QuietHours, Technician
from tests.alerts.rotas import IDS, a_layer, a_rota, a_technician, local, moments, rotas

NIGHT = local("Asia/Jakarta", 2026, 3, 2, 23)


def roster(*technicians: Technician, rota: Rota | None = None) -> Roster:
    by_name = {} if rota is None else {rota.name: rota}
    return Roster(technicians={one.id: one for one in technicians}, rotas=by_name)


def who(asked: Roster, target: str, area: str = "Lengkiti") -> list[str]:
    return [technician.id for technician in asked.who(Target.parse(target), area, NIGHT)]


BUDI, SARI, JOKO = a_technician("budi", "Lengkiti"), a_technician("sari", "Lengkiti"), a_technician("joko", "Ulu Ogan")


def test_a_technician_is_told_whether_on_call_or_not_and_a_rota_is_who_is_on_call_in_it() -> None:
    asked = roster(BUDI, SARI, JOKO, rota=a_rota(a_layer("sari,joko")))
    assert who(asked, "technician:budi") == ["budi"]
    assert who(asked, "rota:lapangan") == ["sari", "joko"]


def test_an_area_is_who_covers_it_and_is_on_call_else_all_who_cover_it() -> None:
    asked = roster(BUDI, SARI, JOKO, rota=a_rota(a_layer("sari,joko")))
    assert who(asked, "area") == ["sari"]
    assert who(roster(BUDI, SARI, JOKO, rota=a_rota(a_layer("joko"))), "area") == ["budi", "sari"]


def test_where_a_target_leads_to_nobody_the_nearest_are_told() -> None:
    asked = roster(BUDI, SARI, JOKO, rota=a_rota(a_layer("sari,joko")))
    assert who(asked, "rota:tidak-ada") == ["sari"]
    assert who(asked, "technician:nobody", "Peninjauan") == ["sari", "joko"]
    assert who(roster(BUDI, SARI, JOKO), "rota:lapangan", "Ulu Ogan") == ["joko"]
    assert who(roster(BUDI, SARI, JOKO), "rota:lapangan", "Peninjauan") == ["budi", "sari", "joko"]
    assert asked.falls_back(Target.parse("rota:tidak-ada"), "Lengkiti", NIGHT)
    assert not asked.falls_back(Target.parse("rota:lapangan"), "Lengkiti", NIGHT)


def test_a_rota_that_names_somebody_who_left_falls_back_too() -> None:
    assert who(roster(BUDI, rota=a_rota(a_layer("gone"))), "rota:lapangan") == ["budi"]


def test_a_channel_is_no_person_and_an_empty_roster_has_none() -> None:
    assert who(roster(BUDI), "channel:ops") == []
    assert who(roster(), "area") == []


@given(
    known=st.lists(st.sampled_from(IDS), min_size=1, unique=True),
    rota=rotas,
    at=moments,
    target=st.sampled_from(["area", "rota:lapangan", "rota:x", *(f"technician:{id_}" for id_ in IDS)]),
    area=st.sampled_from(["Lengkiti", "Ulu Ogan", ""]),
)
def test_wherever_there_is_anybody_somebody_is_told(
    known: list[str], rota: Rota, at: object, target: str, area: str
) -> None:
    technicians = {id_: a_technician(id_, *(["Lengkiti"] if id_ < "f" else [])) for id_ in known}
    found = Roster(technicians=technicians, rotas={rota.name: rota}).who(Target.parse(target), area, at)  # type: ignore[arg-type]
    assert found
    assert len({technician.id for technician in found}) == len(found)


@pytest.mark.parametrize(
    ("since", "until", "quiet"), [(22, 5, True), (23, 0, True), (0, 23, False), (5, 22, False), (22, 23, False)]
)
def test_quiet_hours_are_read_off_the_clock_and_reach_over_midnight(since: int, until: int, *, quiet: bool) -> None:
    hours = QuietHours(since=time(since), until=time(until), time_zone="Asia/Jakarta")
    assert hours.covers(NIGHT) is quiet


@pytest.mark.parametrize("text", ["", "rota", "rota:", "ROTA:x", "area:Lengkiti", "everybody", 5, None, "rota:a\nb"])
def test_what_is_no_target_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="must be"):
        Target.parse(text)


@pytest.mark.parametrize("text", ["rota:lapangan", "technician:budi", "channel:ops", "area"])
def test_a_target_is_written_as_it_is_read(text: str) -> None:
    assert str(Target.parse(text)) == text
