"""GET /api/v1/devices and /devices/{id}."""

from datetime import datetime
from typing import Any

from dashboards import queries
from dashboards.centre import Centre, Here
from dashboards.parameters import PAGE, After, DeviceId, Limit, Text, encode_cursor
from dashboards.problem import Problem
from dashboards.seen import seen_of, shape
from dashboards.shapes import Devices, DeviceShape
from devices.state import State

# Rows asked for at a time: a state is judged here, not in the database, so a page may need several helpings.
HELPING = 500


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
    filters = {"kind": kind, "area": area, "q": q}
    items = await _page(centre, filters, state, after or "", limit + 1, centre.now())
    more = len(items) > limit
    return Devices(items=items[:limit], next=encode_cursor(items[limit - 1].id) if more else None)


async def device(centre: Here, id: DeviceId) -> DeviceShape:  # noqa: A002  the contract's path parameter
    """One device."""
    row = await centre.row(queries.DEVICE, {"id": id})
    if row is None:
        raise Problem(404, "No device has this id.")
    return shape(seen_of(row), centre.now())


async def _page(
    centre: Centre, filters: dict[str, Any], state: State | None, after: str, wanted: int, now: datetime
) -> list[DeviceShape]:
    """The first `wanted` devices after that id which pass; fewer only where there are no more."""
    items: list[DeviceShape] = []
    while len(items) < wanted:
        helping = wanted if state is None else HELPING
        rows = await centre.rows(queries.DEVICES, {**filters, "after": after, "limit": helping})
        shapes = (shape(seen_of(row), now) for row in rows)
        items.extend(shown for shown in shapes if state is None or shown.state is state)
        if len(rows) < helping:
            break
        after = rows[-1]["id"]
    return items[:wanted]
