"""Databases for tests, each as `pantau migrate` leaves one. One that was used is emptied instead of made anew.

Making one copies 700 files, some 0.3 s; a thousand tests ask. So a test gets the one that was given back, if that is
again what it was: no row, no chunk, sequences at their beginning, the same tables, functions and settings. Any other is
dropped. Each has a name of its own all the same, so that whoever was left over from another test finds no database.
"""

import asyncio
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import LiteralString, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from deploy.database import migrate
from tests.patience import PATIENCE_MS

# What a test may have changed other than rows. A clone has its template's object ids.
SCHEMA = """
select concat_ws(' ',
    (select sum(hashtext(concat_ws('|', attrelid, attnum, attname, atttypid, attnotnull, attisdropped, relname)))
        from pg_attribute join pg_class on pg_class.oid = attrelid where relnamespace = 'public'::regnamespace),
    (select sum(hashtext(concat_ws('|', oid, proname, prosrc))) from pg_proc
        where pronamespace = 'public'::regnamespace and prokind = 'f' and prosrc is not null),
    (select sum(hashtext(concat_ws('|', tgname, tgrelid, tgenabled))) from pg_trigger),
    (select sum(hashtext(concat_ws('|', oid, conname))) from pg_constraint where connamespace = 'public'::regnamespace),
    (select count(*) from pg_db_role_setting join pg_database on pg_database.oid = setdatabase
        where datname = current_database())
)
"""
TABLES = (
    "select format('%I', relname) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
)
CHUNKS = """
select distinct format('%I', hypertable.table_name) from _timescaledb_catalog.chunk
    join _timescaledb_catalog.hypertable on hypertable.id = hypertable_id where not dropped
"""
SEQUENCES = """
select count(setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false))
    from pg_sequences where schemaname = 'public' and last_value is not null
"""
OTHERS = "from pg_stat_activity where datname = %s and pid <> pg_backend_pid() and backend_type = 'client backend'"
WAITING = 2


@dataclass(frozen=True, slots=True)
class Template:
    """A database with all migrations, to which nobody connects any more: only so can it be cloned."""

    name: str
    schema: str
    empty: list[str]
    filled: dict[str, bytes]

    @classmethod
    def made(cls, server: psycopg.Connection, url: str) -> Self:
        """A user's own server runs TimescaleDB's scheduler in every database; it is shut out before it is sent away."""
        name = f"pantau_template_{secrets.token_hex(4)}"
        _do(server, "create database {}", name)
        asyncio.run(migrate(of_database(url, name)))
        with psycopg.connect(of_database(url, name)) as connection:
            tables = _names(connection, TABLES)
            empty = _empty(connection, tables)
            filled = {table: _rows(connection, table) for table in tables if table not in empty}
            template = cls(name, _schema(connection), empty, filled)
        _do(server, "alter database {} allow_connections false", name)
        end_all = "select pg_terminate_backend(pid, %s) from pg_stat_activity where datname = %s"
        server.execute(end_all, [int(PATIENCE_MS), name])
        return template


@dataclass
class Databases:
    """Those of one server. Two at most wait for who asks next: the one longer given back has nobody in it any more."""

    server: psycopg.Connection
    url: str
    template: Template
    waiting: list[str] = field(default_factory=list)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of a database for whoever asks, and for nobody else."""
        name = f"pantau_test_{secrets.token_hex(4)}"
        if len(self.waiting) == WAITING:
            _do(self.server, "alter database {} rename to {}", self.waiting.pop(0), name)
        else:
            _do(self.server, "create database {} template {} strategy file_copy", name, self.template.name)
        yield of_database(self.url, name)
        self._take_back(name)

    def _take_back(self, name: str) -> None:
        self._leave(name)
        if len(self.waiting) < WAITING and emptied(of_database(self.url, name), self.template):
            self.waiting.append(name)
        else:
            _do(self.server, "drop database {} with (force)", name)

    def _leave(self, name: str) -> None:
        """Send away whoever is still connected. (PostgreSQL's own wait for that looks ten times a second.)"""
        while self.server.execute(f"select pg_terminate_backend(pid) {OTHERS}", [name]).fetchall():
            time.sleep(0.002)

    def close(self) -> None:
        for name in (*self.waiting, self.template.name):
            _do(self.server, "drop database {} with (force)", name)


def emptied(url: str, template: Template) -> bool:
    """Whether the database is now as the template is."""
    with psycopg.connect(url, autocommit=True) as connection:
        if _schema(connection) != template.schema:
            return False
        written = set(template.empty) - set(_empty(connection, template.empty))
        _truncate(connection, written | set(_names(connection, CHUNKS)))
        for table, rows in template.filled.items():  # after the others, whose triggers write here
            if _rows(connection, table) != rows:
                _truncate(connection, {table})
                with connection.cursor().copy(sql.SQL("copy {} from stdin").format(sql.SQL(table))) as copy:
                    copy.write(rows)
        connection.execute(SEQUENCES)
        return True


def _truncate(connection: psycopg.Connection, tables: set[str]) -> None:
    if tables:
        listed = sql.SQL(", ").join(map(sql.SQL, sorted(tables)))
        connection.execute(sql.SQL("truncate {} cascade").format(listed))


def _rows(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(
        sql.SQL("copy (select * from {0} order by {0}) to stdout").format(sql.SQL(table))
    ) as copy:
        return b"".join(map(bytes, copy))


def _schema(connection: psycopg.Connection) -> str:
    (found,) = _names(connection, SCHEMA)
    return found


def _empty(connection: psycopg.Connection, tables: list[str]) -> list[str]:
    each = [sql.SQL("select {} where not exists (select from {})").format(name, sql.SQL(name)) for name in tables]
    return [name for (name,) in connection.execute(sql.SQL(" union all ").join(each)).fetchall()]


def _names(connection: psycopg.Connection, query: LiteralString) -> list[str]:
    return [name for (name,) in connection.execute(query).fetchall()]


def _do(server: psycopg.Connection, statement: LiteralString, *names: str) -> None:
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def of_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
