"""What people answer to pages, done: acknowledge, escalate, close, "I am awake"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from alerts.desk import Said, acknowledge, resolve
from alerts.notify.hearing import PASSING, set_aside, stranger
from alerts.notify.reply import Reply, Verb
from alerts.oncall import rows as oncall
from alerts.oncall.escalation import Escalation, further, hold
from alerts.oncall.policy import Policies, policy_of
from alerts.oncall.technician import Technician
from alerts.paging import queries
from alerts.paging.phone import same_address
from alerts.paging.words import ANSWERS, say
from alerts.queries import TELL

Connection = AsyncConnection[Any]


# How often somebody is told that what he sent was not understood: a phone that answers by itself would go on for ever.
EXPLAIN_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Each answer is done in one transaction, or not at all. Raises what is PASSING: ask again then.

    `policies` are those of the settings, by name; they say whether there is a next to be called.
    `explained`: when each person was last told that an answer was not understood.
    """

    pool: AsyncConnectionPool[Connection]
    now: Callable[[], datetime]
    policies: Policies
    explained: dict[str, datetime] = field(default_factory=dict)

    async def hear(self, reply: Reply) -> str:
        """What is said back; nothing to whom nobody knows."""
        async with self.pool.connection() as connection, connection.transaction():
            roster = await oncall.load(connection)
            technician = who(reply, list(roster.technicians.values()))
            if technician is None:
                return await stranger(reply)
            if reply.verb is Verb.UNCLEAR and not self._may_explain(technician):
                return ""
            words = await self._tried(connection, reply, technician)
            await connection.execute(TELL)
        return say(ANSWERS[words], technician.language).format(about=_about(reply), name=technician.name).rstrip()

    def _may_explain(self, technician: Technician) -> bool:
        last, now = self.explained.get(technician.id), self.now()
        if last is not None and now - last < EXPLAIN_EVERY:
            return False
        self.explained[technician.id] = now
        return True

    async def _tried(self, connection: Connection, reply: Reply, technician: Technician) -> str:
        """As _do; a reply that breaks us is set aside, and whoever sent it is told that it came to nothing."""
        try:
            async with connection.transaction():
                return await self._do(connection, reply, technician)
        except PASSING:
            raise
        except Exception as fault:  # noqa: BLE001  it is logged, and said to who sent it
            set_aside(reply.channel, fault)
            return "failed"

    async def _do(self, connection: Connection, reply: Reply, technician: Technician) -> str:
        """Which of ANSWERS is said."""
        if reply.verb is Verb.UNCLEAR:
            return "unclear"
        groups = await _groups(connection, reply, technician)
        if not groups:
            return "unknown"
        if reply.verb in (Verb.AWAKE, Verb.ESCALATE):
            await connection.execute(queries.ALONE)
        if reply.verb is Verb.AWAKE:
            await _hold(connection, groups, self.now())
        elif reply.verb is Verb.ESCALATE:
            return await self._escalated(connection, groups)
        elif not await self._answered(connection, reply, technician, groups):
            return "over"
        return reply.verb.value

    async def _escalated(self, connection: Connection, groups: Sequence[int]) -> str:
        """Which of ANSWERS is said: the next is called only where there is one."""
        if not await _alerts(connection, groups):
            return "over"
        followed = await _escalations(connection, groups)
        left = [group for group, one in followed.items() if further(one, policy_of(self.policies, one.policy))]
        if left:
            await connection.execute(queries.ASK, {"groups": left, "now": self.now()})
        return Verb.ESCALATE.value if left else "nobody"

    async def _answered(
        self, connection: Connection, reply: Reply, technician: Technician, groups: Sequence[int]
    ) -> bool:
        """Whether there was anything left to acknowledge or to close."""
        alerts = await _alerts(connection, groups)
        said = Said(who=technician.name, at=self.now(), said_at=reply.said_at, why=reply.channel)
        if reply.verb is Verb.CLOSE:
            await resolve(connection, alerts, said)
        else:
            await acknowledge(connection, alerts, said)
        return bool(alerts)


def who(reply: Reply, technicians: Sequence[Technician]) -> Technician | None:
    """Pure: the person who has the sender's address on that channel."""
    return next(
        (
            technician
            for technician in technicians
            for contact in technician.contacts
            if contact.channel == reply.channel and same_address(contact.address, reply.sender)
        ),
        None,
    )


def _about(reply: Reply) -> str:
    """How the answer speaks of what was meant."""
    return f"#{reply.incident}" if reply.incident is not None else reply.code or ""


async def _groups(connection: Connection, reply: Reply, technician: Technician) -> list[int]:
    """The groups that are meant: by code, by the number of a page where no code of now is it, or all that this person
    was told of.
    """
    wanted = {
        "technician": technician.id,
        "target": f"technician:{technician.id}",
        "code": None if reply.code is None else int(reply.code),
        "incident": reply.incident,
    }
    named = {queries.BY_CODE: reply.code, queries.BY_INCIDENT: reply.incident}
    for statement in [one for one, name in named.items() if name is not None] or [queries.BY_PERSON]:
        if groups := await (await connection.execute(statement, wanted)).fetchall():
            return [group for (group,) in groups]
    return []


async def _alerts(connection: Connection, groups: Sequence[int]) -> list[int]:
    """The numbers of their alerts that go on."""
    cursor = await connection.execute(queries.ALERTS_OF, {"groups": list(groups)})
    return [number for (number,) in await cursor.fetchall()]


async def _escalations(connection: Connection, groups: Sequence[int]) -> dict[int, Escalation]:
    """How far the policies of those that go on were followed; nobody else changes that meanwhile."""
    cursor = await connection.execute(queries.ESCALATIONS, {"groups": list(groups)})
    return {group: msgspec.convert(stored, Escalation) for group, stored in await cursor.fetchall()}


async def _hold(connection: Connection, groups: Sequence[int], now: datetime) -> None:
    for group, followed in (await _escalations(connection, groups)).items():
        escalation = Jsonb(hold(followed, now), dumps=msgspec.json.encode)
        await connection.execute(queries.ESCALATION, {"group": group, "escalation": escalation, "now": now})
