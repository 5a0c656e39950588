"""A rota as a calendar that phones subscribe to: RFC 5545. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event

from alerts.oncall.rota import Rota
from alerts.oncall.shifts import Shift, whole_shifts
from alerts.oncall.technician import Technician

BACK = timedelta(days=7)
AHEAD = timedelta(days=90)
# How often a phone may ask again (RFC 7986, 5.7).
REFRESH = timedelta(hours=1)


def feed(rota: Rota, technicians: Mapping[str, Technician], now: datetime) -> bytes:
    """The shifts of the last week and the next 90 days, one event for each of a crew.

    Times are UTC, so no phone needs our time zone. A shift keeps its UID whenever it is asked for; the last one ends
    where the feed does, and is longer in a later feed.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Pantau//On call//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", rota.name)
    calendar.add("x-wr-calname", rota.name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for shift in whole_shifts(rota, now - BACK, now + AHEAD):
        for id_ in shift.crew:
            calendar.add_component(_event(rota, shift, id_, technicians, now))
    return bytes(calendar.to_ical())


def uid(rota: str, shift: Shift, technician: str) -> str:
    """The same for the same shift: by rota, person, and when it begins."""
    named = f"{rota}\n{technician}\n{shift.since.isoformat()}"
    return f"{sha256(named.encode()).hexdigest()[:32]}@pantau"


def _event(rota: Rota, shift: Shift, id_: str, technicians: Mapping[str, Technician], now: datetime) -> Event:
    event = Event()
    event.add("uid", uid(rota.name, shift, id_))
    event.add("dtstamp", now)
    event.add("dtstart", shift.since)
    event.add("dtend", shift.until)
    event.add("summary", technicians[id_].name if id_ in technicians else id_)
    event.add("categories", [rota.name])
    others = _names((other for other in shift.crew if other != id_), technicians)
    event.add("description", f"{rota.name}: {shift.source}" + (f", {others}" if others else ""))
    event.add("transp", "TRANSPARENT")
    return event


def _names(ids: Iterable[str], technicians: Mapping[str, Technician]) -> str:
    return ", ".join(technicians[id_].name if id_ in technicians else id_ for id_ in ids)
