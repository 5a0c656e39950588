"""One look at the database: what is new since the last one that was told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.abc import QueryNoTemplate
from psycopg.rows import DictRow, dict_row

from dashboards import queries
from dashboards.alert_rows import alert_of
from dashboards.incident_rows import incident_of
from dashboards.live.picture import Found

EVERYTHING = "0"
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """Where a look ended and the next begins.

    `registry`: how many devices there were, a sum over all of them, and when the first came: another, and it changed.
    """

    xmin: str
    registry: tuple[int, int, datetime | None]


async def find(
    connection: AsyncConnection, before: Horizon | None, *, alerts: list[int], incidents: list[int], registry: bool
) -> tuple[Found, Horizon]:
    """What changed since `before`, with what became of those alerts and incidents that were open.

    The horizon is read first: what is committed between the statements is then read twice, never missed.
    `registry`: whether to ask if that changed; of a large one that costs more than all else.
    """
    asks_registry = registry or before is None
    heads = await _ask(connection, (queries.HORIZON, NOTHING), *([(queries.REGISTRY_PRINT, NOTHING)] * asks_registry))
    horizon = heads[0][0]
    if before is None or asks_registry:
        (count, total, first) = heads[1][0].values()
        seen = (count, total, first)
    else:
        seen = before.registry
    same = before is not None and before.registry == seen
    since = {"horizon": before.xmin if before is not None and same else EVERYTHING}
    latest, standings, open_alerts, open_incidents, *devices = await _ask(
        connection,
        (queries.CHANGED_LATEST, since),
        (queries.CHANGED_STANDINGS, since),
        (queries.OPEN_ALERTS, {"known": alerts}),
        (queries.OPEN_INCIDENTS, {"known": incidents}),
        *([] if same else [(queries.REGISTRY, NOTHING)]),
    )
    found = Found(
        registry=devices[0] if devices else None,
        latest=latest,
        standings=standings,
        alerts=[alert_of(row) for row in open_alerts],
        incidents=[incident_of(row) for row in open_incidents],
        judged={**horizon, "first_device": seen[2]},
    )
    return found, Horizon(xmin=horizon["xmin"], registry=seen)


async def _ask(connection: AsyncConnection, *asked: tuple[QueryNoTemplate, Mapping[str, Any]]) -> list[list[DictRow]]:
    """The rows of each statement, in that order, all sent at once: on a busy machine each way to and fro takes time."""
    async with connection.pipeline():
        cursors = [await connection.cursor(row_factory=dict_row).execute(query, known) for query, known in asked]
        return [await cursor.fetchall() for cursor in cursors]
