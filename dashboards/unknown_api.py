"""GET /api/v1/unknown-devices, and POST …/{device}/adopt: from a refused topic to a device of the registry."""

from datetime import timedelta
from typing import Any

from fastapi import Response
from pydantic import BaseModel

from dashboards import audit, queries
from dashboards.auth import By
from dashboards.centre import Here
from dashboards.devices_api import device as one_device
from dashboards.parameters import PAGE, After, Limit, NewDeviceId, encode_cursor
from dashboards.problem import SENTENCE_MAX, Problem
from dashboards.rejected_api import text_of
from dashboards.shapes import DeviceShape, UnknownDevice, UnknownDevices
from devices import registry
from devices.device import Device
from devices.draft import read_draft
from devices.fault import Fault

# A device that has been silent for longer is nobody's to adopt.
REMEMBERED = timedelta(days=7)


async def unknown_devices(centre: Here, *, after: After = None, limit: Limit = PAGE) -> UnknownDevices:
    """Devices that spoke in the last 7 days without being in the registry, in the order of their ids."""
    place = {"since": centre.now() - REMEMBERED, "after": after or "", "limit": limit + 1}
    rows = await centre.rows(queries.UNKNOWN_DEVICES, place)
    items = [UnknownDevice(**{**row, "payload": text_of(row["payload"])}) for row in rows[:limit]]
    return UnknownDevices(items=items, next=encode_cursor(items[-1].device) if len(rows) > limit else None)


class Adoption(BaseModel, extra="forbid"):
    """What the registry is to know of the device; its id is the topic's."""

    kind: str
    name: str
    area: str = ""
    latitude: float | None = None
    longitude: float | None = None
    parents: list[str | list[str]] = []
    external_ids: dict[str, str] = {}
    attributes: dict[str, Any] = {}


async def adopt(centre: Here, device: NewDeviceId, body: Adoption, response: Response, by: By) -> DeviceShape:
    """Add an unknown device to the registry. 404 where it did not speak lately, 409 where it is known already."""
    now = centre.now()
    known = await centre.row(queries.KIND, {"id": device})
    if known is not None:
        raise Problem(409, ("Perangkat ini sudah ada di registri.", "This device is in the registry already."))
    spoke = await centre.row(queries.SPOKE_UNKNOWN, {"device": device, "since": now - REMEMBERED})
    if not (spoke and spoke["exists"]):
        raise Problem(
            404,
            (
                "Tidak ada perangkat asing dengan id ini yang mengirim dalam 7 hari terakhir.",
                "No unknown device of this id has spoken in the last 7 days.",
            ),
        )
    drafted = read_draft({"id": device, **body.model_dump()})
    if not isinstance(drafted, Device):
        raise _unfit(drafted)
    try:
        async with centre.database() as connection, connection.transaction():
            await registry.add(connection, drafted)
            await audit.record(connection, by, "device.adopt", device, now=now, detail=body.model_dump())
    except registry.RefusedError as error:
        raise _unfit(error.faults) from error
    response.headers["Location"] = f"/api/v1/devices/{device}"
    return await one_device(centre, device)


def _unfit(faults: list[Fault]) -> Problem:
    """The registry's own words, in the shape of every other 422."""
    errors = [{"where": f"body.{fault.column}", "message": fault.reason} for fault in faults]
    told = "; ".join(map(str, faults))[:SENTENCE_MAX]
    return Problem(422, (f"Perangkat ini tidak dapat diterima (“{told}”).", told), members={"errors": errors})
