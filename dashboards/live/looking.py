"""One look at the database: what is new since the last one that was told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncCursor
from psycopg.abc import QueryNoTemplate
from psycopg.rows import DictRow

from dashboards import queries
from dashboards.alert_rows import alert_of
from dashboards.incident_rows import incident_of
from dashboards.live.picture import Found

EVERYTHING = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """Where a look ended and the next begins.

    `registry`: how many devices there were, a sum over all of them, and when the first came: another, and it changed.
    """

    xmin: str
    registry: tuple[int, int, datetime | None]


async def find(
    cursor: AsyncCursor[DictRow], before: Horizon | None, *, alerts: list[int], incidents: list[int], registry: bool
) -> tuple[Found, Horizon]:
    """What changed since `before`, with what became of those alerts and incidents that were open.

    The horizon is read first: what is committed between the statements is then read twice, never missed.
    `registry`: whether to ask if that changed; of a large one that costs more than all else.
    """
    (xmin,) = (await _rows(cursor, queries.HORIZON))[0].values()
    seen = await _registry_print(cursor) if registry or before is None else before.registry
    same = before is not None and before.registry == seen
    since = {"horizon": before.xmin if before is not None and same else EVERYTHING}
    open_alerts = await _rows(cursor, queries.OPEN_ALERTS, {"known": alerts})
    open_incidents = await _rows(cursor, queries.OPEN_INCIDENTS, {"known": incidents})
    found = Found(
        registry=None if same else await _rows(cursor, queries.REGISTRY),
        latest=await _rows(cursor, queries.CHANGED_LATEST, since),
        standings=await _rows(cursor, queries.CHANGED_STANDINGS, since),
        alerts=[alert_of(row) for row in open_alerts],
        incidents=[incident_of(row) for row in open_incidents],
        judged={**(await _rows(cursor, queries.JUDGED_NOW))[0], "first_device": seen[2]},
    )
    return found, Horizon(xmin=xmin, registry=seen)


async def _registry_print(cursor: AsyncCursor[DictRow]) -> tuple[int, int, datetime | None]:
    count, total, first = (await _rows(cursor, queries.REGISTRY_PRINT))[0].values()
    return count, total, first


async def _rows(
    cursor: AsyncCursor[DictRow], query: QueryNoTemplate, parameters: Mapping[str, Any] | None = None
) -> list[DictRow]:
    return await (await cursor.execute(query, parameters)).fetchall()
