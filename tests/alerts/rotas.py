"""Rotas and technicians for tests, and strategies that draw any rota there may be."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from alerts.oncall.rota import Holiday, Layer, Override, Rota, Window
from alerts.oncall.technician import Contact, Technician

ZONES = ["Asia/Jakarta", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
# The weeks in which clocks are set, a leap day, and Samoa's year without a 30 December.
TURNING = [
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2028, 2, 28, tzinfo=UTC),
    datetime(2011, 12, 30, tzinfo=UTC),
]
IDS = ["budi", "sari", "joko", "dewi"]


def local(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[arg-type,misc]


def a_layer(*crews: str, **changes: Any) -> Layer:  # noqa: ANN401  fields of several types
    """Daily at 08:00 from 1 January 2026; a crew is an id, or several with a comma."""
    fields: dict[str, Any] = {"name": "siang", "starts_on": date(2026, 1, 1), "hand_over": time(8)}
    fields |= {"every": timedelta(days=1), "crews": tuple(tuple(crew.split(",")) for crew in crews)}
    return Layer(**(fields | changes))


def a_rota(*layers: Layer, zone: str = "Asia/Jakarta", **more: Any) -> Rota:  # noqa: ANN401  fields of several types
    return Rota(name="lapangan", time_zone=zone, layers=layers, **more)


def a_technician(id_: str, *areas: str, **more: Any) -> Technician:  # noqa: ANN401  fields of several types
    contacts = (Contact(channel="telegram", address=f"chat-{id_}"),)
    return Technician(**({"id": id_, "name": id_.title(), "contacts": contacts, "areas": frozenset(areas)} | more))


crews = st.lists(st.sampled_from(IDS), min_size=1, max_size=2, unique=True).map(tuple)
# Half of the times lie on the hour or half past, where clocks are set.
clocks = st.one_of(
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 30])),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
moments = st.builds(
    lambda near, minutes: near + timedelta(minutes=minutes), st.sampled_from(TURNING), st.integers(-5_760, 5_760)
)
windows = st.builds(Window, weekdays=st.frozensets(st.integers(0, 6), min_size=1), since=clocks, until=clocks)
layers = st.builds(
    Layer,
    name=st.sampled_from(["satu", "dua", "tiga"]),
    crews=st.lists(crews, min_size=1, max_size=4).map(tuple),
    starts_on=moments.map(datetime.date),
    hand_over=clocks,
    every=st.one_of(
        st.integers(1, 30).map(lambda hours: timedelta(hours=hours)), st.integers(1, 9).map(lambda d: timedelta(days=d))
    ),
    ends_on=st.one_of(st.none(), moments.map(datetime.date)),
    windows=st.lists(windows, max_size=2).map(tuple),
    holidays_only=st.booleans(),
)
overrides = st.builds(
    lambda id_, crew, since, hours: Override(id=id_, crew=crew, since=since, until=since + timedelta(hours=hours)),
    st.integers(1, 1_000),
    crews,
    moments,
    st.integers(1, 60),
)
holidays = st.one_of(
    st.builds(Holiday, day=moments.map(datetime.date), crew=crews),
    st.builds(Holiday, day=moments.map(datetime.date), layer=st.sampled_from(["satu", "dua", "tiga", "empat"])),
)
rotas = st.builds(
    Rota,
    name=st.just("lapangan"),
    time_zone=st.sampled_from(ZONES),
    layers=st.lists(layers, max_size=3, unique_by=lambda layer: layer.name).map(tuple),
    overrides=st.lists(overrides, max_size=3, unique_by=lambda one: one.id).map(tuple),
    holidays=st.lists(holidays, max_size=3, unique_by=lambda one: one.day).map(tuple),
)
