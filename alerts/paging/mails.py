"""Messages on their way out: into the outbox, held back for a digest, passed on to the next contact."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from alerts.alert import Severity
from alerts.notify.page import Page, from_json, to_json
from alerts.oncall.roster import Roster
from alerts.paging import queries
from alerts.paging.budget import MEMORY
from alerts.paging.codes import Codes
from alerts.paging.ladder import PASS_ON_AFTER
from alerts.paging.post import Held, Mail, Post, Stuck, Waiting
from alerts.paging.rows import jsonb
from alerts.queries import TELL

Connection = AsyncConnection[Any]

# Messages passed on in one round; the others follow in the next.
PASSED_ON = 200
# So long after its group is over a code still means that group: an answer may come from a valley.
CODE_MEMORY = timedelta(days=1)


async def enqueue(connection: Connection, mails: Sequence[Mail], now: datetime) -> list[int]:
    """Put messages into the outbox, and wake who delivers them; their numbers, in the same order."""
    if not mails:
        return []
    cursor = await connection.execute(queries.ENQUEUE, {"rows": jsonb(map(_row, mails)), "now": now})
    await connection.execute(TELL)
    return [number for (number,) in await cursor.fetchall()]


def _row(mail: Mail) -> dict[str, Any]:
    return {
        "group_id": mail.group_id,
        "channel": mail.channel,
        "technician": mail.technician,
        "address": mail.address,
        "rung": mail.rung,
        "step": mail.step,
        "severity": mail.page.severity,
        "sequence": mail.page.sequence,
        "body": to_json(mail.page),
    }


async def hold(connection: Connection, held: Sequence[Held], now: datetime) -> None:
    if held:
        rows = [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in held]
        await connection.execute(queries.HOLD, {"rows": jsonb(rows), "now": now})


async def sent(
    connection: Connection, technicians: Collection[str], now: datetime
) -> defaultdict[tuple[str, str], list[datetime]]:
    """When messages went to each person on each channel, as far back as budgets remember."""
    found: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
    if technicians:
        cursor = await connection.execute(queries.SENT, {"technicians": list(technicians), "after": now - MEMORY})
        found.update({(technician, channel): moments for technician, channel, moments in await cursor.fetchall()})
    return found


async def codes(connection: Connection, technicians: Collection[str], now: datetime) -> Codes:
    """The numbers by which these people speak of groups."""
    if not technicians:
        return Codes()
    wanted = {"technicians": list(technicians)}
    await connection.execute(queries.FORGET_CODES, wanted | {"before": now - CODE_MEMORY})
    cursor = await connection.execute(queries.CODES, wanted)
    return Codes.of({(technician, group): code for technician, group, code in await cursor.fetchall()})


async def keep_codes(connection: Connection, codes: Codes, now: datetime) -> None:
    if codes.new:
        rows = [{"technician": who, "group_id": group, "code": code} for (who, group), code in codes.new.items()]
        await connection.execute(queries.CODE, {"rows": jsonb(rows), "now": now})


async def stuck(connection: Connection, now: datetime) -> list[Stuck]:
    """Messages to people that should have been delivered by now, and have not been tried otherwise yet."""
    cursor = connection.cursor(row_factory=class_row(Stuck))
    wanted = {"before": now - PASS_ON_AFTER, "limit": PASSED_ON}
    return await (await cursor.execute(queries.STUCK, wanted)).fetchall()


async def pass_on(
    connection: Connection, late: Sequence[Stuck], roster: Roster, post: Post, now: datetime
) -> list[Mail]:
    """The same messages to the next contact of each person, where there is one; their groups are looked at again."""
    groups = [one.group_id for one in late if one.group_id is not None]
    await connection.execute(queries.PASSED_ON, {"ids": [one.id for one in late], "now": now})
    await connection.execute(queries.LOOK_AT, {"groups": groups, "now": now})
    return [mail for one in late if (mail := _passed_on(one, roster, post)) is not None]


def _passed_on(late: Stuck, roster: Roster, post: Post) -> Mail | None:
    technician = roster.technicians.get(late.technician)
    rung = None if technician is None else post.rung(technician, after=late.rung)
    page = _page(late.body)
    if rung is None or page is None:
        return None
    post.count(late.technician, rung.channel)
    return Mail(
        group_id=late.group_id,
        channel=rung.channel,
        page=replace(page, to=rung.address),
        technician=late.technician,
        address=rung.address,
        rung=rung.number,
        step=late.step,
    )


def _page(body: Mapping[str, Any]) -> Page | None:
    """None of what was put there by hand and is no page: the outbox says so of it."""
    try:
        return from_json(body)
    except msgspec.ValidationError:
        return None


async def withdraw(connection: Connection, groups: Sequence[int], now: datetime) -> None:
    """Take back what has not arrived of groups that are over, where the person heard of them otherwise."""
    if groups:
        await connection.execute(queries.WITHDRAW, {"groups": groups, "now": now})


async def waiting(connection: Connection) -> dict[str, list[Waiting]]:
    """What is held back, by person."""
    cursor = connection.cursor(row_factory=class_row(Waiting))
    found: defaultdict[str, list[Waiting]] = defaultdict(list)
    for one in await (await cursor.execute(queries.HELD)).fetchall():
        found[one.technician].append(replace(one, severity=Severity(one.severity)))
    return found


async def digested(connection: Connection, digest: int, told: Sequence[Waiting]) -> None:
    await connection.execute(queries.DIGESTED, {"digest": digest, "ids": [one.id for one in told]})
