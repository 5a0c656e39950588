"""GET /api/v1/devices and /devices/{id}."""

from dashboards import queries
from dashboards.centre import Here, judged_now
from dashboards.missing import NO_DEVICE
from dashboards.parameters import PAGE, After, DeviceId, Limit, Text, encode_cursor
from dashboards.problem import Problem
from dashboards.seen import seen_of, shape
from dashboards.shapes import Devices, DeviceShape
from devices.state import State


async def devices(
    centre: Here,
    *,
    kind: Text | None = None,
    state: State | None = None,
    area: Text | None = None,
    q: Text | None = None,
    after: After = None,
    limit: Limit = PAGE,
) -> Devices:
    """Devices in the order of their ids. `q` is found anywhere in an id or a name, whatever the case."""
    judged = await judged_now(centre)
    filters = {"kind": kind, "area": area, "q": q, "state": state, "believed": judged.believed}
    rows = await centre.rows(queries.DEVICES, {**filters, "after": after or "", "limit": limit + 1})
    items, more = [shape(seen_of(row), judged) for row in rows[:limit]], len(rows) > limit
    return Devices(items=items, next=encode_cursor(items[-1].id) if more else None)


async def device(centre: Here, id: DeviceId) -> DeviceShape:  # noqa: A002  the contract's path parameter
    """One device."""
    row = await centre.row(queries.DEVICE, {"id": id})
    if row is None:
        raise Problem(404, NO_DEVICE)
    return shape(seen_of(row), await judged_now(centre))
