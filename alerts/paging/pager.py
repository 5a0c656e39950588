"""The step of a round that turns what became of alerts into messages in the outbox, within the round's transaction."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from alerts.alert import Change
from alerts.incidents import rows as incidents
from alerts.incidents.incident import starting
from alerts.incidents.words import Language
from alerts.metrics import UNROUTED
from alerts.notify.page import to_json
from alerts.paging import rows
from alerts.paging.compose import Desk, To, page_of
from alerts.paging.group import Group
from alerts.paging.look import Look, look
from alerts.paging.route import Route
from alerts.paging.story import Story, story_of
from alerts.settings import AlertSettings
from devices.device import Device

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Who hears of what, and where we are. `webhooks`: the channels that take Alertmanager's body."""

    routes: Sequence[Route]
    webhooks: Collection[str]
    desk: Desk
    language: Language = "id"

    @classmethod
    def of(cls, settings: AlertSettings, desk: Desk, language: Language = "id") -> "Paging":
        webhooks = {channel.name for channel in settings.channels if channel.kind == "webhook"}
        return cls(routes=settings.routes, webhooks=webhooks, desk=desk, language=language)


async def step(
    connection: Connection, paging: Paging, devices: Mapping[str, Device], changes: Sequence[Change], now: datetime
) -> None:
    """Write the messages that these stored changes, and the time that has passed, call for."""
    unrouted = await rows.join(connection, starting(changes), paging.routes, now)
    UNROUTED.inc(len(unrouted))
    moved = [change.after.id for change in changes if change.moves and change.after.id is not None]
    await rows.touch(connection, moved, now)
    groups = await rows.due(connection, paging.routes, now)
    if not groups:
        return
    looks = [look(group, now) for group in groups]
    telling = [one for one in looks if one.tells]
    stories = await _stories(connection, telling, devices, paging.language)
    await rows.enqueue(connection, [row for one in telling for row in _messages(one, stories, paging)], now)
    await rows.looked(connection, looks, now)


async def _stories(
    connection: Connection, looks: Sequence[Look], devices: Mapping[str, Device], language: str
) -> dict[int, Story]:
    """What the pages about each group say of its incidents."""
    numbers = {one.after.id: _incidents(one.before) for one in looks}
    wanted = {number for each in numbers.values() for number in each}
    known = await incidents.by_number(connection, wanted) if wanted else {}
    return {
        group: story_of([known[number] for number in each if number in known], devices, language)
        for group, each in numbers.items()
    }


def _incidents(group: Group) -> list[int]:
    """The numbers of the incidents that a message of now speaks of."""
    return sorted({alert.incident_id for alert in group.speaks_of if alert.incident_id is not None})


def _messages(look: Look, stories: Mapping[int, Story], paging: Paging) -> Iterator[dict[str, Any]]:
    channel = look.after.receiver.name
    to = To(channel=channel, webhook=channel in paging.webhooks, language=paging.language)
    page = page_of(look.before, look.after.sequence, stories[look.after.id], to, paging.desk)
    yield {
        "group_id": look.after.id,
        "channel": channel,
        "sequence": page.sequence,
        "severity": page.severity,
        "body": to_json(page),
    }
