"""GET /api/v1/devices/{id}/states: what a device was, and when. GET /api/v1/blind: when we could not see."""

from dashboards import queries
from dashboards.centre import Here
from dashboards.missing import NO_DEVICE
from dashboards.parameters import PAGE, PAGE_MAX, Continued, DeviceId, Limit, encode_cursor
from dashboards.problem import Problem
from dashboards.shapes import BlindWindow, BlindWindows, StateRow, States
from dashboards.spans import From, To, span_of


async def states(
    centre: Here,
    id: DeviceId,  # noqa: A002  the contract's path parameter
    *,
    start: From = None,
    end: To = None,
    after: Continued = None,
    limit: Limit = PAGE,
) -> States:
    """Every stretch of its history that touches [from, to), by default the last 24 hours, the oldest first."""
    if await centre.row(queries.KIND, {"id": id}) is None:
        raise Problem(404, NO_DEVICE)
    start, end = span_of(start, end, centre.now())
    rows = await centre.rows(queries.STATES, {"id": id, "from": start, "to": end, "after": after, "limit": limit + 1})
    items, more = [StateRow(**row) for row in rows[:limit]], len(rows) > limit
    return States(device=id, items=items, next=encode_cursor(items[-1].since.isoformat()) if more else None)


async def blind(centre: Here, *, start: From = None, end: To = None) -> BlindWindows:
    """Times that touch [from, to), by default the last 24 hours, in which we could not see; the newest first."""
    start, end = span_of(start, end, centre.now())
    rows = await centre.rows(queries.BLIND, {"from": start, "to": end, "limit": PAGE_MAX})
    return BlindWindows(items=[BlindWindow(**row) for row in rows])
