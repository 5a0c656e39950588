"""From changes of alerts to stored messages, inside the transaction that stores the changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from alerts import queries
from alerts.alert import Alert, Change, State
from alerts.metrics import UNROUTED
from alerts.notify.message import compose
from alerts.notify.route import Route, channels_for

NO_TITLES: Mapping[int | None, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Who hears of what, and where the links in a message lead."""

    routes: Sequence[Route]
    external_url: str = ""


async def enqueue(
    connection: AsyncConnection[Any],
    changes: Iterable[Change],
    telling: Telling,
    now: datetime,
    titles: Mapping[int | None, str] = NO_TITLES,
) -> None:
    """Store the messages that these stored changes call for, in the caller's transaction.

    The routes say who hears that an alert fires; that it is over hears everyone who heard that it fired. `titles` are
    those of the incidents.
    """
    news = [change.after for change in changes if change.tells]
    if not news:
        return
    told = await _told(connection, [alert for alert in news if alert.state is State.RESOLVED])
    messages = [
        {"alert_id": alert.id, "channel": channel, "body": _body(alert, channel, telling, titles)}
        for alert in news
        for channel in (told.get(alert.id, ()) if alert.state is State.RESOLVED else _routed(alert, telling))
    ]
    await connection.execute(queries.ENQUEUE, {"messages": Jsonb(messages), "now": now})


async def _told(connection: AsyncConnection[Any], resolved: Sequence[Alert]) -> dict[int | None, list[str]]:
    cursor = await connection.execute(queries.TOLD, {"alerts": [alert.id for alert in resolved]})
    told: dict[int | None, list[str]] = {}
    for alert_id, channel in await cursor.fetchall():
        told.setdefault(alert_id, []).append(channel)
    return told


def _routed(alert: Alert, telling: Telling) -> tuple[str, ...]:
    channels = channels_for(alert, telling.routes)
    if not channels:
        UNROUTED.inc()
    return channels


def _body(alert: Alert, channel: str, telling: Telling, titles: Mapping[int | None, str]) -> dict[str, Any]:
    title = titles.get(alert.incident_id)
    return compose(alert, receiver=channel, external_url=telling.external_url, title=title)
