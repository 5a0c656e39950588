"""A rota as a calendar: what a phone that subscribed gets, today and tomorrow."""

from datetime import datetime, timedelta

from icalendar import Calendar

from alerts.oncall.feed import AHEAD, BACK, feed
from alerts.oncall.rota import Override, Rota
from alerts.oncall.shifts import shifts
from tests.alerts.city import NOON
from tests.alerts.rotas import a_layer, a_rota, a_technician

BUDI = a_technician("budi", name="Budi; Santoso, S.T.")
ROTA = a_rota(a_layer("budi", "sari,joko"))


def events(rota: Rota, now: datetime) -> dict[str, tuple[datetime, datetime, str]]:
    calendar = Calendar.from_ical(feed(rota, {"budi": BUDI}, now))
    assert (str(calendar["version"]), calendar["prodid"]) == ("2.0", "-//Pantau//On call//ID")
    assert not calendar.errors
    found = {str(one["uid"]): (one.start, one.end, str(one["summary"])) for one in calendar.walk("VEVENT")}
    assert len(found) == len(calendar.walk("VEVENT"))
    return found


def test_every_shift_of_the_span_is_an_event_for_each_of_its_crew() -> None:
    expected = {
        (shift.since, shift.until, BUDI.name if id_ == "budi" else id_)
        for shift in shifts(ROTA, NOON - BACK - timedelta(hours=4), NOON + AHEAD)
        for id_ in shift.crew
    }
    assert set(events(ROTA, NOON).values()) == expected


def test_a_shift_keeps_its_uid_and_its_times_from_day_to_day() -> None:
    today, tomorrow = events(ROTA, NOON), events(ROTA, NOON + timedelta(hours=30))
    whole = {uid: found for uid, found in today.items() if found[1] < NOON + AHEAD}
    seen_again = {uid: found for uid, found in whole.items() if found[1] > NOON + timedelta(hours=30) - BACK}
    assert seen_again.items() <= tomorrow.items()
    assert len(whole) - len(seen_again) == 2  # what is over for more than a week


def test_an_override_cuts_the_shift_it_lies_in() -> None:
    stand_in = Override(id=1, crew=("sari",), since=NOON, until=NOON + timedelta(hours=2))
    found = events(a_rota(a_layer("budi"), overrides=(stand_in,)), NOON)
    around = sorted(one for one in found.values() if one[0] < NOON + timedelta(hours=4) and one[1] > NOON)
    assert [(one[0] - NOON, one[2]) for one in around] == [
        (timedelta(0), "sari"),
        (timedelta(hours=2), BUDI.name),
    ]


def test_where_nobody_is_on_call_there_is_no_event() -> None:
    assert events(a_rota(a_layer("budi", starts_on=(NOON + AHEAD + timedelta(days=2)).date())), NOON) == {}
    assert b"BEGIN:VEVENT" not in feed(a_rota(), {}, NOON)


def test_lines_end_and_are_folded_as_rfc_5545_says() -> None:
    body = feed(a_rota(a_layer("x" * 60 + ",y"), zone="UTC"), {}, NOON)
    assert body.replace(b"\r\n", b"").find(b"\n") == -1
    assert max(map(len, body.split(b"\r\n"))) <= 75
