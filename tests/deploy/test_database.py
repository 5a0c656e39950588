"""Migrations on the real server, and the wake-ups that LISTEN gives."""

import asyncio
import os
import secrets
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from deploy import database
from deploy.database import CREATE_MIGRATION_TABLE, RECORD, connect, migrate, migrations, open_pool, wakes
from deploy.local.postgres import Postgres
from tests.patience import PATIENCE_SECONDS

NEVER_SECONDS = 1_000.0


@pytest.fixture
def empty_database_url(postgres_server: Postgres) -> Iterator[str]:
    name = f"pantau_empty_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_server.url, autocommit=True) as server:
        server.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        yield urlunsplit(urlsplit(postgres_server.url)._replace(path=f"/{name}"))
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def applied(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute("select name from migration order by name")]


async def test_an_empty_database_gets_every_migration_and_a_second_run_none(empty_database_url: str) -> None:
    names = [name for name, _ in migrations()]
    assert await migrate(empty_database_url) == names
    assert await migrate(empty_database_url) == []
    assert applied(empty_database_url) == names


def test_two_processes_may_migrate_at_once(empty_database_url: str) -> None:
    environment = {**os.environ, "PANTAU_DATABASE_URL": empty_database_url}
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "deploy", "migrate"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=PATIENCE_SECONDS) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sorted(output.decode().splitlines()[-1] for output, _ in said) == [
        f"{len(migrations())} applied",
        "nothing to apply",
    ]
    assert applied(empty_database_url) == [name for name, _ in migrations()]


def _migrate_to_before(connection: psycopg.Connection[Any], end: str) -> None:
    """A database as it was before the migration `end`."""
    connection.execute(CREATE_MIGRATION_TABLE)
    for name, text in migrations():
        if name < end:
            connection.execute(sql.SQL(text))
            connection.execute(RECORD, [name])


async def test_who_signed_in_before_a_migration_is_still_signed_in_after_it(empty_database_url: str) -> None:
    """0017 changes the rules of table token under whoever uses it."""
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        _migrate_to_before(connection, "0017")
        connection.execute(
            "insert into account (name, role, password_hash, created_at) values ('a', 'admin', 'x', now())"
        )
        connection.execute(
            "insert into token (hash, kind, name, role, account, created_at, expires_at, revoked_at) values"
            " (sha256('1'), 'bearer', 't', 'wall', null, now(), null, null),"
            " (sha256('2'), 'bearer', 't', 'wall', null, now(), null, now()),"
            " (sha256('3'), 'session', 'a', null, 'a', now(), now(), null)"
        )
    assert "0017_rights.sql" in await migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        kinds = connection.execute("select kind from token order by id").fetchall()
    assert kinds == [("bearer",), ("bearer",), ("session",)]


async def test_of_accounts_that_were_technicians_by_name_those_that_an_admin_named_stay_so(
    empty_database_url: str,
) -> None:
    """People may choose their names at a provider: whether they are meant nobody but an admin can say."""
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        _migrate_to_before(connection, "0020")
        connection.execute(
            "insert into technician (id, place, name, contacts, language, changed_at, changed_by)"
            " values ('budi', 1, 'Budi', '[]', 'id', now(), 'test'), ('sari', 2, 'Sari', '[]', 'id', now(), 'test');"
            "insert into account (name, role, password_hash, issuer, subject, created_at)"
            " values ('budi', 'technician', 'x', null, null, now()), ('lobi', 'wall', 'x', null, null, now()),"
            " ('sari', 'technician', null, 'https://masuk.example', 's-1', now())"
        )
    await migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        linked = connection.execute("select name, technician from account order by name").fetchall()
    assert linked == [("budi", "budi"), ("lobi", None), ("sari", None)]


async def test_a_digest_that_never_arrived_is_not_passed_on_long_after(empty_database_url: str) -> None:
    """0021 has digests passed on: those of long ago are told to nobody."""
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        _migrate_to_before(connection, "0021")
        connection.execute(
            "insert into notification (channel, technician, rung, sequence, body, created_at, next_attempt_at)"
            " select 'tg', 'budi', 0, number, '{}', now() - (number - 1) * interval '1 hour', now()"
            " from generate_series(1, 3) as number"
        )
    await migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        left = connection.execute("select sequence from notification where passed_on_at is null").fetchall()
    assert left == [(1,)]


async def test_a_migration_that_fails_leaves_nothing_of_itself_or_of_those_before(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("create table alert (in_the_way int)")
    with pytest.raises(psycopg.errors.DuplicateTable):
        await migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    assert tables == [("alert",)]


async def test_who_hangs_in_a_transaction_loses_its_locks_and_its_pool_goes_on(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LONGEST_PAUSE", timedelta(milliseconds=200))
    async with open_pool(database_url) as pool, connect(database_url) as other:
        async with pool.connection() as hangs:
            await hangs.execute("begin; select pg_advisory_xact_lock(1)")
            async with asyncio.timeout(PATIENCE_SECONDS):
                await other.execute("select pg_advisory_lock(1)")
            with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
                await hangs.execute("commit")
        async with pool.connection() as goes_on:
            assert await (await goes_on.execute("select 1")).fetchall() == [(1,)]


async def test_a_pause_in_a_transaction_is_bounded_on_every_connection(database_url: str) -> None:
    wanted = "show idle_in_transaction_session_timeout"
    async with open_pool(database_url) as pool, pool.connection() as one, connect(database_url) as other:
        assert await (await one.execute(wanted)).fetchall() == [("2min",)]
        assert await (await other.execute(wanted)).fetchall() == [("2min",)]


async def within(looks: AsyncIterator[None], seconds: float) -> bool:
    """Whether a wake-up came in that time; the look that did not is over then."""
    try:
        async with asyncio.timeout(seconds):
            await anext(looks)
    except TimeoutError:
        return False
    return True


async def notify(url: str, times: int, channel: str = "readings") -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for _ in range(times):
            await connection.execute(sql.SQL("notify {}").format(sql.Identifier(channel)))


async def test_the_first_wake_up_comes_at_once(database_url: str) -> None:
    async with aclosing(wakes(database_url, "readings", every_seconds=NEVER_SECONDS)) as looks:
        assert await within(looks, PATIENCE_SECONDS)


async def test_a_notification_wakes_and_a_burst_of_them_wakes_once(database_url: str) -> None:
    async with aclosing(wakes(database_url, "readings", every_seconds=NEVER_SECONDS)) as looks:
        await anext(looks)
        await notify(database_url, 500)
        assert await within(looks, PATIENCE_SECONDS)
        assert not await within(looks, 0.3)


async def test_what_is_notified_while_the_listener_is_busy_wakes_it_once_afterwards(database_url: str) -> None:
    async with aclosing(wakes(database_url, "readings", every_seconds=NEVER_SECONDS)) as looks:
        await anext(looks)
        await notify(database_url, 1)
        await anext(looks)
        await notify(database_url, 100)
        assert await within(looks, PATIENCE_SECONDS)
        assert not await within(looks, 0.3)


async def test_who_has_rested_is_woken_at_once(database_url: str) -> None:
    rest_seconds = 20.0
    async with aclosing(
        wakes(database_url, "readings", every_seconds=NEVER_SECONDS, rest_seconds=rest_seconds)
    ) as looks:
        await anext(looks)
        waiting = asyncio.ensure_future(anext(looks))
        await asyncio.sleep(rest_seconds + 0.1)
        began = time.monotonic()
        await notify(database_url, 1)
        await waiting
        assert time.monotonic() - began < rest_seconds


async def test_notifications_without_pause_do_not_wake_without_pause(database_url: str) -> None:
    rest_seconds, count = 0.1, 0
    async with aclosing(
        wakes(database_url, "readings", every_seconds=NEVER_SECONDS, rest_seconds=rest_seconds)
    ) as looks:
        await anext(looks)
        began = time.monotonic()
        flood = asyncio.create_task(notify(database_url, 3_000))
        while not flood.done() and await within(looks, PATIENCE_SECONDS):
            count += 1
        assert 1 <= count <= (time.monotonic() - began) / rest_seconds + 1
        await flood


async def test_without_any_notification_it_wakes_by_the_clock(database_url: str) -> None:
    async with aclosing(wakes(database_url, "readings", every_seconds=0.1)) as looks:
        for _ in range(3):
            assert await within(looks, PATIENCE_SECONDS)


async def test_another_channel_wakes_nobody_here(database_url: str) -> None:
    async with aclosing(wakes(database_url, "readings", every_seconds=NEVER_SECONDS)) as looks:
        await anext(looks)
        await notify(database_url, 5, channel="alerts")
        assert not await within(looks, 0.3)


async def test_a_lost_connection_raises_instead_of_falling_silent(database_url: str) -> None:
    async with aclosing(wakes(database_url, "readings", every_seconds=NEVER_SECONDS)) as looks:
        await anext(looks)
        waiting = asyncio.ensure_future(anext(looks))
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            await connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
        with pytest.raises(psycopg.OperationalError):
            await asyncio.wait_for(waiting, PATIENCE_SECONDS)
