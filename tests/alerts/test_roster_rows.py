"""Technicians, rotas and overrides as rows: whole or not at all, and a version that tells of every write."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from alerts.oncall import rows
from alerts.oncall.rota import Override, on_call
from alerts.oncall.written import WrittenRota, WrittenTechnician
from tests.alerts.city import NOON, City

BUDI: dict[str, Any] = {
    "id": "budi",
    "name": "Budi Santoso",
    "contacts": [{"channel": "telegram", "address": "123"}, {"channel": "sms", "address": "+62811"}],
    "areas": ["Lengkiti"],
    "quiet": {"from": "22:00", "until": "05:00", "time_zone": "Asia/Jakarta"},
}
SARI = BUDI | {"id": "sari", "name": "Sari", "areas": [], "quiet": None}
LAPANGAN: dict[str, Any] = {
    "name": "lapangan",
    "time_zone": "Asia/Jakarta",
    "layers": [
        {
            "name": "siang",
            "participants": ["budi", ["budi", "sari"]],
            "rotation": "daily",
            "starts_on": "2026-01-01",
            "hand_over": "08:00",
            "windows": [{"weekdays": ["mon", "sun"], "from": "08:00", "until": "20:00"}],
        },
    ],
    "holidays": [{"date": "2026-03-20", "technicians": ["sari"]}],
}


async def put(city: City, technicians: list[dict[str, Any]], rotas: list[dict[str, Any]]) -> None:
    async with city.pool.connection() as connection, connection.transaction():
        people = [WrittenTechnician.model_validate(one) for one in technicians]
        await rows.save_technicians(connection, people, who="sari", now=NOON)
        written = [WrittenRota.model_validate(one) for one in rotas]
        await rows.save_rotas(connection, written, who="sari", now=NOON)


async def override(city: City, hours: int = 4) -> int:
    values = {"rota": "lapangan", "technicians": ["sari"], "reason": "", "who": "sari", "now": NOON}
    async with city.pool.connection() as connection:
        added = await rows.add_override(connection, {**values, "since": NOON, "until": NOON + timedelta(hours=hours)})
    return int(added["id"])


async def version(city: City) -> int:
    async with city.pool.connection() as connection:
        return await rows.version(connection)


async def test_what_was_stored_is_loaded_again_in_its_order(city: City) -> None:
    await put(city, [SARI, BUDI], [LAPANGAN])
    number = await override(city)
    async with city.pool.connection() as connection:
        roster, written = await rows.load(connection), await rows.read(connection)
    people = [WrittenTechnician.model_validate(one) for one in (SARI, BUDI)]
    assert roster.technicians == {one.id: one.value() for one in people}
    assert list(roster.technicians) == ["sari", "budi"]
    until = NOON + timedelta(hours=4)
    rota = WrittenRota.model_validate(LAPANGAN)
    assert roster.rotas["lapangan"] == rota.value([Override(id=number, crew=("sari",), since=NOON, until=until)])
    assert (written.technicians, written.rotas, written.unread) == (people, [rota], ())


async def test_a_list_replaces_the_one_before_and_overrides_stay_with_their_rota(city: City) -> None:
    await put(city, [BUDI, SARI], [LAPANGAN, LAPANGAN | {"name": "kantor"}])
    await override(city)
    await put(city, [SARI], [LAPANGAN | {"time_zone": "Asia/Makassar"}])
    async with city.pool.connection() as connection:
        roster = await rows.load(connection)
    assert (list(roster.technicians), list(roster.rotas)) == (["sari"], ["lapangan"])
    assert (roster.rotas["lapangan"].time_zone, len(roster.rotas["lapangan"].overrides)) == ("Asia/Makassar", 1)


async def test_an_override_that_goes_on_ends_now_and_one_to_come_never_was(city: City) -> None:
    await put(city, [BUDI, SARI], [LAPANGAN])
    number, now = await override(city), NOON + timedelta(hours=1)
    async with city.pool.connection() as connection:
        assert await rows.remove_override(connection, number, now)
        assert not await rows.remove_override(connection, number, now)
        rota = (await rows.load(connection)).rotas["lapangan"]
        assert (on_call(rota, NOON), on_call(rota, now)) == (("sari",), ("budi",))
        later = await override(city)
        assert await rows.remove_override(connection, later, NOON - timedelta(hours=1))
        assert await rows.count_overrides(connection, NOON - timedelta(hours=1)) == 1


@pytest.mark.parametrize(
    "write",
    [
        "update technician set name = 'B'",
        "update rota set time_zone = 'UTC'",
        "delete from rota_override",
        "truncate rota_override",
        "delete from technician",
    ],
)
async def test_the_version_changes_with_every_write_also_with_one_by_hand(city: City, write: str) -> None:
    before = await version(city)
    await put(city, [BUDI], [LAPANGAN])
    await override(city)
    stored = await version(city)
    assert before < stored == await version(city)
    await city.run(write)
    assert await version(city) > stored


async def test_a_write_that_fails_leaves_lists_and_version_as_they_were(city: City) -> None:
    await put(city, [BUDI], [LAPANGAN])
    before = await version(city)
    twice = [WrittenTechnician.model_validate(SARI)] * 2
    with pytest.raises(psycopg.errors.CardinalityViolation):
        async with city.pool.connection() as connection, connection.transaction():
            await rows.save_technicians(connection, twice, who="sari", now=NOON)
    async with city.pool.connection() as connection:
        assert list((await rows.load(connection)).technicians) == ["budi"]
    assert await version(city) == before


async def test_a_row_made_wrong_by_hand_is_left_out_named_and_stops_nothing(city: City) -> None:
    await put(city, [BUDI, SARI], [LAPANGAN, LAPANGAN | {"name": "kantor"}])
    await city.run("""update rota set layers = '[{"name": "x"}]' where name = 'kantor'""")
    await city.run("""update technician set contacts = '[5]' where id = 'sari'""")
    async with city.pool.connection() as connection:
        roster = await rows.load(connection)
    assert (list(roster.technicians), list(roster.rotas)) == (["budi"], ["lapangan"])
    assert [fault.split(":")[0] for fault in roster.unread] == ["sari", "kantor"]
    assert "layers.0.participants" in roster.unread[1]
