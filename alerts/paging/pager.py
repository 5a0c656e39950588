"""The step of a round that turns what became of alerts into messages in the outbox, within the round's transaction."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from alerts.alert import Alert, Change
from alerts.incidents import rows as incidents
from alerts.incidents.incident import starting
from alerts.labels import labels_of
from alerts.metrics import UNROUTED
from alerts.notify import receipts
from alerts.notify.health import failing
from alerts.oncall import rows as oncall
from alerts.oncall.target import Target
from alerts.paging import handover, mails, queries, rows
from alerts.paging.codes import Codes
from alerts.paging.group import Group
from alerts.paging.ladder import PASS_ON_AFTER
from alerts.paging.look import Look, Standing, look
from alerts.paging.numbering import numbered
from alerts.paging.paging import Paging
from alerts.paging.post import Post
from alerts.paging.story import Story, story_of
from alerts.paging.writing import Writing
from alerts.silences.silence import Silence
from alerts.silences.silence import silenced as holding
from devices.device import Device

# So often the receipts of all channels are read.
ASK_CHANNELS_EVERY = timedelta(seconds=10)

Connection = AsyncConnection[Any]
Devices = Mapping[str, Device]


async def step(
    connection: Connection,
    paging: Paging,
    devices: Devices,
    changes: Sequence[Change],
    now: datetime,
    *,
    written: Sequence[int],
    silences: Sequence[Silence],
) -> None:
    """Write the messages that these stored changes, and the time that has passed, call for.

    `written`: alerts that somebody else may have moved, such as a person who acknowledged them. `silences`: those that
    go on, as this round has read them.
    """
    await connection.execute(queries.ALONE)
    unrouted = await rows.join(connection, starting(changes), paging.routes, now)
    UNROUTED.inc(len(unrouted))
    moved = [one.after.id for one in changes if one.moves and one.after.id is not None]
    await rows.touch(connection, {*moved, *written}, now)
    todo = await _todo(connection, now)
    todo["shifts"] = paging.handover_at is None or now - paging.handover_at >= handover.LOOK_EVERY
    if any(todo.values()):
        await _read_roster(connection, paging)
        post = Post(
            now=now,
            channels=paging.channels,
            working=set(paging.channels) - paging.failing.keys(),
            sent=await mails.sent(connection, paging.roster.technicians.keys(), now),
        )
        if todo["stuck"]:
            late = await mails.stuck(connection, now)
            await mails.enqueue(connection, await mails.pass_on(connection, late, paging.roster, post, now), now)
        await _look_around(connection, paging, devices, post, silences)
        if todo["held"]:
            await _digest(connection, paging, post)
        if todo["shifts"]:
            await handover.tell(connection, paging, post)


async def ask_channels(connection: Connection, paging: Paging, now: datetime) -> None:
    """Which channels fail, by what became of their messages."""
    if paging.asked_at is None or now - paging.asked_at >= ASK_CHANNELS_EVERY:
        records = await receipts.records(connection, sorted(paging.channels), now)
        paging.failing, paging.asked_at = failing(records, now, paging.unreachable), now


async def _todo(connection: Connection, now: datetime) -> dict[str, bool]:
    """Whether there is anything to do at all: in a quiet round this is the only question."""
    cursor = connection.cursor(row_factory=dict_row)
    await cursor.execute(queries.WAITING, {"now": now, "before": now - PASS_ON_AFTER})
    (todo,) = await cursor.fetchall()
    return todo


async def _read_roster(connection: Connection, paging: Paging) -> None:
    version = await oncall.version(connection)
    if version != paging.version:
        paging.roster, paging.version = await oncall.load(connection), version


async def _look_around(
    connection: Connection, paging: Paging, devices: Devices, post: Post, silences: Sequence[Silence]
) -> None:
    """Look at every group whose moment has come, and write what that calls for."""
    now = post.now

    def silenced(alert: Alert) -> bool:
        return holding(labels_of(alert), silences, now, devices) is not None

    looks = [_look(standing, paging, now) for standing in await rows.due(connection, paging.routes, silenced, now)]
    stories = await _stories(connection, [one for one in looks if one.speaks], devices, paging.language)
    looks = await _numbered(connection, looks, stories)
    speaking = [one for one in looks if one.speaks]
    people = {target.name for one in speaking for target in (*one.tell, *one.call) if target.kind == "technician"}
    writing = Writing(
        paging=paging,
        post=post,
        codes=await mails.codes(connection, people, now),
        stories=stories,
    )
    written = [writing.write(one) if one.speaks else one for one in looks]
    await mails.keep_codes(connection, writing.codes, now)
    await mails.enqueue(connection, writing.mails, now)
    await mails.hold(connection, writing.held, now)
    await rows.looked(connection, written, now)
    await mails.withdraw(connection, [one.after.group.id for one in written if one.closes], now)


async def _numbered(connection: Connection, looks: Sequence[Look], stories: Mapping[int, Story]) -> list[Look]:
    incidents = {group: story.number for group, story in stories.items() if story.number is not None}
    return numbered(looks, incidents, await rows.numbers(connection, set(incidents.values())))


def _look(standing: Standing, paging: Paging, now: datetime) -> Look:
    area = next((one.alert.area for one in standing.group.members), "")

    def singles(target: Target) -> Iterator[Target]:
        if target.kind == "channel":
            yield target
        for technician in paging.roster.who(target, area, now):
            yield Target("technician", technician.id)

    return look(standing, paging.policies, singles, now)


async def _digest(connection: Connection, paging: Paging, post: Post) -> None:
    writing = Writing(paging=paging, post=post, codes=Codes(), stories={})
    for mail, told in writing.digests(await mails.waiting(connection)):
        (number,) = await mails.enqueue(connection, [mail], post.now)
        await mails.digested(connection, number, told)


async def _stories(connection: Connection, looks: Sequence[Look], devices: Devices, language: str) -> dict[int, Story]:
    """What the pages about each group say of its incidents."""
    numbers = {one.after.group.id: _incidents(one.before.group) for one in looks}
    wanted = {number for each in numbers.values() for number in each}
    known = await incidents.by_number(connection, wanted) if wanted else {}
    return {
        group: story_of([known[number] for number in each if number in known], devices, language)
        for group, each in numbers.items()
    }


def _incidents(group: Group) -> list[int]:
    """The numbers of the incidents that a message of now speaks of."""
    return sorted({alert.incident_id for alert in group.speaks_of if alert.incident_id is not None})
