"""The registry on the real database: what is written, what is refused, and whom it wakes."""

from collections.abc import AsyncIterator
from dataclasses import replace

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from devices.device import Device
from devices.registry import Imported, RefusedError, add, get, import_devices, is_empty, load, remove

CORE = Device(
    id="fp-1",
    kind="fibre_point",
    name='Kantor "Camat"; é',
    area="Lengkiti",
    latitude=-4.123456789012345,
    longitude=104.1,
    external_ids={"chirpstack": "0102"},
    attributes={"role": "pop", "cable_metres": 1.5, "spare": None, "masks": [[0, 1], [2, 3]]},
)
SPARE = Device(id="fp-2", kind="fibre_point", name="Cadangan")
CAMERA = Device(id="cam-1", kind="camera", name="Kamera", parents=("fp-1", ("fp-1b", "fp-2")))
THIRD = Device(id="fp-1b", kind="fibre_point", name="Satu B")
CITY = (CORE, SPARE, THIRD, CAMERA)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[AsyncConnection]:
    async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
async def ear(database_url: str) -> AsyncIterator[AsyncConnection]:
    """Another connection, which listens."""
    async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute("listen devices")
        yield connection


async def notifications(ear: AsyncConnection) -> int:
    await ear.execute("select 1")
    return len([one async for one in ear.notifies(timeout=0)])


async def writers(connection: AsyncConnection) -> dict[str, str]:
    """For each device the transaction that wrote its row."""
    return {row[0]: row[1] async for row in await connection.execute("select id, xmin::text from device")}


async def test_a_fresh_registry_is_empty(connection: AsyncConnection) -> None:
    assert await is_empty(connection)
    assert await load(connection) == {}
    assert await get(connection, "fp-1") is None


async def test_what_is_imported_is_what_is_loaded(connection: AsyncConnection) -> None:
    done = await import_devices(connection, CITY)
    assert done == Imported(added=("cam-1", "fp-1", "fp-1b", "fp-2"), changed=(), unchanged=0)
    assert await load(connection) == {device.id: device for device in CITY}
    assert await get(connection, "cam-1") == CAMERA
    assert not await is_empty(connection)


async def test_an_import_wakes_its_listeners_once_and_one_that_changes_nothing_does_not(
    connection: AsyncConnection, ear: AsyncConnection
) -> None:
    await import_devices(connection, CITY)
    assert await notifications(ear) == 1
    assert await import_devices(connection, CITY) == Imported(added=(), changed=(), unchanged=4)
    assert await notifications(ear) == 0


async def test_only_the_rows_that_differ_are_written(connection: AsyncConnection) -> None:
    await import_devices(connection, CITY)
    before = await writers(connection)
    renamed = replace(SPARE, name="Cadangan dua")
    assert (await import_devices(connection, [CORE, renamed, THIRD, CAMERA])).changed == ("fp-2",)
    after = await writers(connection)
    assert {name for name in after if after[name] != before[name]} == {"fp-2"}


async def test_true_and_one_are_not_the_same_attribute(connection: AsyncConnection) -> None:
    await import_devices(connection, [replace(SPARE, attributes={"lit": 1})])
    done = await import_devices(connection, [replace(SPARE, attributes={"lit": True})])
    assert done.changed == ("fp-2",)


async def test_an_import_leaves_what_it_does_not_name(connection: AsyncConnection) -> None:
    await import_devices(connection, CITY)
    await import_devices(connection, [replace(SPARE, area="Lengkiti")])
    assert set(await load(connection)) == {"cam-1", "fp-1", "fp-1b", "fp-2"}


async def test_an_import_of_nothing_is_no_trouble(connection: AsyncConnection) -> None:
    assert await import_devices(connection, []) == Imported(added=(), changed=(), unchanged=0)


async def test_one_bad_device_keeps_all_others_out(connection: AsyncConnection) -> None:
    with pytest.raises(RefusedError) as refused:
        await import_devices(connection, [CORE, replace(SPARE, kind="telescope", parents=("gone",))])
    assert [fault.column for fault in refused.value.faults] == ["kind", "parents"]
    assert await is_empty(connection)


async def test_a_parent_may_be_in_the_registry_already(connection: AsyncConnection) -> None:
    await import_devices(connection, [CORE])
    await import_devices(connection, [replace(SPARE, parents=("fp-1",))])
    assert (await load(connection))["fp-2"].parents == ("fp-1",)


async def test_an_unknown_parent_is_refused(connection: AsyncConnection) -> None:
    with pytest.raises(RefusedError, match="cam-1: parents: unknown parent fp-1b"):
        await import_devices(connection, [CORE, SPARE, CAMERA])


async def test_a_cycle_closed_by_a_second_import_is_refused_and_the_registry_stays(connection: AsyncConnection) -> None:
    await import_devices(connection, [CORE, replace(SPARE, parents=("fp-1",))])
    with pytest.raises(RefusedError, match=r"fp-1 → fp-2 → fp-1|fp-2 → fp-1 → fp-2"):
        await import_devices(connection, [replace(CORE, parents=("fp-2",))])
    assert (await load(connection))["fp-1"] == CORE


async def test_the_same_device_twice_is_refused(connection: AsyncConnection) -> None:
    with pytest.raises(RefusedError, match="already in this list"):
        await import_devices(connection, [CORE, CORE])


async def test_an_adopted_device_is_added_once(connection: AsyncConnection) -> None:
    await add(connection, CORE)
    assert await get(connection, "fp-1") == CORE
    with pytest.raises(RefusedError, match="fp-1: id: already in the registry"):
        await add(connection, CORE)


async def test_credentials_are_refused_here_too(connection: AsyncConnection) -> None:
    with pytest.raises(RefusedError, match="credentials"):
        await add(connection, replace(SPARE, attributes={"rtsp_url": "rtsp://a:b@10.0.0.1/"}))


async def test_what_others_hang_on_stays_until_they_are_gone(connection: AsyncConnection, ear: AsyncConnection) -> None:
    await import_devices(connection, CITY)
    await notifications(ear)
    with pytest.raises(RefusedError, match="fp-2: still bears cam-1"):
        await remove(connection, "fp-2")
    assert await notifications(ear) == 0
    await remove(connection, "cam-1")
    await remove(connection, "fp-2")
    assert await notifications(ear) == 2
    assert set(await load(connection)) == {"fp-1", "fp-1b"}


async def test_what_is_not_there_cannot_be_removed(connection: AsyncConnection) -> None:
    with pytest.raises(RefusedError, match="fp-9: id: not in the registry"):
        await remove(connection, "fp-9")


async def test_two_imports_at_once_cannot_tie_a_cycle_between_them(
    connection: AsyncConnection, database_url: str
) -> None:
    await import_devices(connection, [CORE, SPARE])
    async with await AsyncConnection.connect(database_url, autocommit=True) as other, connection.transaction():
        await import_devices(connection, [replace(CORE, parents=("fp-2",))])
        await other.execute("set lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            await import_devices(other, [replace(SPARE, parents=("fp-1",))])


async def test_a_reader_is_not_held_up_by_an_import(connection: AsyncConnection, database_url: str) -> None:
    async with await AsyncConnection.connect(database_url, autocommit=True) as other, connection.transaction():
        await import_devices(connection, [CORE])
        await other.execute("set lock_timeout = '100ms'")
        assert await load(other) == {}


async def test_ten_thousand_devices_go_in_at_once(connection: AsyncConnection) -> None:
    city = [CORE, *(Device(id=f"x-{n}", kind="camera", name=f"X {n}", parents=("fp-1",)) for n in range(10_000))]
    assert len((await import_devices(connection, city)).added) == 10_001


async def test_a_cycle_made_by_hand_in_the_database_can_be_mended_by_an_import(connection: AsyncConnection) -> None:
    await import_devices(connection, [CORE, SPARE])
    await connection.execute("update device set parents = %s where id = 'fp-1'", [Jsonb(["fp-1"])])
    assert (await import_devices(connection, [CORE])).changed == ("fp-1",)
