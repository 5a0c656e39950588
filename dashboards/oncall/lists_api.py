"""GET and PUT /api/v1/oncall/technicians and …/rotas: whole lists, replaced all or nothing."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection
from pydantic import BaseModel

from alerts.oncall import rows
from alerts.oncall.check import Fault, rota_faults, technician_faults
from dashboards import audit
from dashboards.auth import By, Who
from dashboards.centre import Centre, Here
from dashboards.oncall.shapes import NewRotas, NewTechnicians, Rotas, Technicians, TechnicianShape
from dashboards.problem import Problem, faulty
from dashboards.roles import Role


async def technicians(centre: Here, who: Who) -> Technicians:
    """All technicians, in the order of their list."""
    async with centre.database() as connection:
        return await _technicians(connection, who.role)


async def put_technicians(centre: Here, body: NewTechnicians, by: By, who: Who) -> Technicians:
    """Replace the whole list; refused where a rota still names who is missing."""
    now = centre.now()
    async with _written(centre, "technician", body.version) as connection:
        before = {one.id: one for one in (await rows.read(connection)).technicians}
        roster = await rows.load(connection)
        _refuse(technician_faults(body.items, roster, centre.city.channels, centre.city.areas, now))
        await rows.save_technicians(connection, body.items, who=by.who, now=now)
        detail = _difference(before, {one.id: one for one in body.items})
        await audit.record(connection, by, "oncall.technicians", "technicians", now=now, detail=detail)
        return await _technicians(connection, who.role)


async def rotas(centre: Here) -> Rotas:
    """All rotas, in the order of their list, without their overrides."""
    async with centre.database() as connection:
        return await _rotas(connection)


async def put_rotas(centre: Here, body: NewRotas, by: By) -> Rotas:
    """Replace the whole list; overrides stay with the rotas that stay."""
    now = centre.now()
    async with _written(centre, "rota", body.version) as connection:
        written = await rows.read(connection)
        _refuse(rota_faults(body.items, [one.id for one in written.technicians], now))
        await rows.save_rotas(connection, body.items, who=by.who, now=now)
        detail = _difference({one.name: one for one in written.rotas}, {one.name: one for one in body.items})
        await audit.record(connection, by, "oncall.rotas", "rotas", now=now, detail=detail)
        return await _rotas(connection)


@asynccontextmanager
async def _written(centre: Centre, part: str, version: int | None) -> AsyncIterator[AsyncConnection[Any]]:
    """One change at a time. Raises Problem where somebody else's came before that of an older version."""
    async with centre.database() as connection, connection.transaction():
        present = (await rows.lock(connection))[part]
        if version is not None and version != present:
            raise Problem(
                409,
                (
                    f"Daftar ini sudah diubah orang lain: kini versi {present}.",
                    f"The list was changed meanwhile: it is version {present} now.",
                ),
            )
        yield connection


async def _technicians(connection: AsyncConnection[Any], role: Role) -> Technicians:
    versions = await rows.versions(connection)  # first: a version too old is refused later, one too new would not be
    items = [TechnicianShape.of(one, role) for one in (await rows.read(connection)).technicians]
    return Technicians(items=items, version=versions["technician"])


async def _rotas(connection: AsyncConnection[Any]) -> Rotas:
    versions = await rows.versions(connection)
    return Rotas(items=(await rows.read(connection)).rotas, version=versions["rota"])


def _refuse(faults: Sequence[Fault]) -> None:
    errors = [
        {"where": ".".join(map(str, ("body", "items", *fault.where))), "message": fault.reason} for fault in faults
    ]
    if errors:
        raise faulty(errors)


def _difference(before: Mapping[str, BaseModel], after: Mapping[str, BaseModel]) -> dict[str, list[str]]:
    """By name only: contacts are personal data, and the audit log is kept for long."""
    both = before.keys() & after.keys()
    return {
        "added": sorted(after.keys() - before.keys()),
        "removed": sorted(before.keys() - after.keys()),
        "changed": sorted(name for name in both if before[name] != after[name]),
    }
