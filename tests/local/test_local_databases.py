"""Every test that asks gets a database of its own."""

import psycopg
import pytest


@pytest.mark.parametrize("attempt", [1, 2])
async def test_what_one_test_writes_another_does_not_see(database_url: str, attempt: int) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        await connection.execute("insert into device (id, kind, name) values ('fp-1', 'fibre_point', 'FP 1')")
        rows = await (await connection.execute("select count(*) from device")).fetchone()
    assert rows == (1,)


async def test_a_database_has_the_extension_and_all_migrations(database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        found = await (
            await connection.execute("select hypertable_name from timescaledb_information.hypertables")
        ).fetchall()
    assert ("reading",) in found
