"""The roster in the database. What is written was checked; a write is whole or not at all, as is its transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb
from pydantic import ValidationError

from alerts.oncall import queries
from alerts.oncall.roster import Roster
from alerts.oncall.rota import Override
from alerts.oncall.written import WrittenRota, WrittenTechnician

Connection = AsyncConnection[Any]
# Of overrides those that end last are known; each is one comparison for every look at who is on call.
OVERRIDES_MAX = 1_000

Shape = TypeVar("Shape", WrittenTechnician, WrittenRota)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The two lists. `unread`: rows that were made wrong by hand, left out, each with the reason."""

    technicians: list[WrittenTechnician]
    rotas: list[WrittenRota]
    unread: tuple[str, ...]


async def version(connection: Connection) -> int:
    """A number that is another one after every write."""
    (number,) = await (await connection.execute(queries.VERSION)).fetchall()
    return int(number[0])


async def versions(connection: Connection) -> dict[str, int]:
    """As version, of each table by itself."""
    return dict(await (await connection.execute(queries.VERSIONS)).fetchall())


async def lock(connection: Connection) -> dict[str, int]:
    """As versions; nobody else writes until the transaction is over."""
    return dict(await (await connection.execute(queries.LOCK)).fetchall())


async def read(connection: Connection) -> Written:
    """Both lists as they were written, in their order."""
    unread: list[str] = []
    technicians = [_read(WrittenTechnician, row, unread) for row in await _all(connection, queries.TECHNICIANS)]
    rotas = [_read(WrittenRota, row, unread) for row in await _all(connection, queries.ROTAS)]
    return Written(
        technicians=[one for one in technicians if one], rotas=[one for one in rotas if one], unread=tuple(unread)
    )


async def load(connection: Connection) -> Roster:
    """Everybody, as of now."""
    written = await read(connection)
    overrides = _by_rota(await _all(connection, queries.OVERRIDES, {"limit": OVERRIDES_MAX}))
    return Roster(
        technicians={one.id: one.value() for one in written.technicians},
        rotas={one.name: one.value(overrides.get(one.name, ())) for one in written.rotas},
        unread=written.unread,
    )


async def save_technicians(
    connection: Connection, technicians: Sequence[WrittenTechnician], *, who: str, now: datetime
) -> None:
    """These and no others. The caller has checked that no rota names who is missing."""
    rows = [{**_json(one), "place": place} for place, one in enumerate(technicians)]
    await connection.execute(queries.DROP_TECHNICIANS, {"kept": [one.id for one in technicians]})
    await connection.execute(queries.PUT_TECHNICIANS, {"rows": Jsonb(rows), "who": who, "now": now})


async def save_rotas(connection: Connection, rotas: Sequence[WrittenRota], *, who: str, now: datetime) -> None:
    """These and no others. The caller has checked that all technicians in them exist."""
    rows = [{**_json(one), "place": place} for place, one in enumerate(rotas)]
    await connection.execute(queries.DROP_ROTAS, {"kept": [one.name for one in rotas]})
    await connection.execute(queries.PUT_ROTAS, {"rows": Jsonb(rows), "who": who, "now": now})


async def list_overrides(connection: Connection, place: Mapping[str, Any]) -> list[DictRow]:
    return await _all(connection, queries.LIST_OVERRIDES, place)


async def count_overrides(connection: Connection, now: datetime) -> int:
    (row,) = await _all(connection, queries.COUNT_OVERRIDES, {"now": now})
    return int(row["count"])


async def add_override(connection: Connection, values: Mapping[str, Any]) -> DictRow:
    """The row as stored. `values`: rota, technicians, since, until, reason, who, now."""
    (row,) = await _all(connection, queries.ADD_OVERRIDE, values)
    return row


async def remove_override(connection: Connection, number: int, now: datetime) -> bool:
    """End it now, or take back what has not begun: who was on call until now stays known. False: none to remove."""
    return bool(await _all(connection, queries.REMOVE_OVERRIDE, {"id": number, "now": now}))


async def _all(connection: Connection, query: str, values: Mapping[str, Any] | None = None) -> list[DictRow]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        return await (await cursor.execute(query, values)).fetchall()


def _json(written: WrittenTechnician | WrittenRota) -> dict[str, Any]:
    return written.model_dump(mode="json", by_alias=True)


def _by_rota(rows: Iterable[DictRow]) -> Mapping[str, list[Override]]:
    found: defaultdict[str, list[Override]] = defaultdict(list)
    for row in rows:
        override = Override(id=row["id"], crew=tuple(row["technicians"]), since=row["since"], until=row["until"])
        found[row["rota"]].append(override)
    return found


def _read(shape: type[Shape], row: DictRow, unread: list[str]) -> Shape | None:
    try:
        return shape.model_validate(row)
    except ValidationError as fault:
        unread.append(f"{row.get('id') or row['name']}: {_first(fault)}")
        return None


def _first(invalid: ValidationError) -> str:
    fault = invalid.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
