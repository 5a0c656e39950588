"""Every change of an alert's state is written down in the transaction that makes it: what it was and is, who, why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from alerts import queries
from alerts.alert import Change, State

ENGINE = "engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A row of table alert_transition. `from_state` is None for an alert that opens.

    `at` is when it took effect for us, `said_at` when a person said it, where that was earlier.
    """

    alert_id: int
    at: datetime
    said_at: datetime | None = None
    from_state: State | None
    to_state: State
    who: str
    why: str = ""


def of_engine(changes: Iterable[Change], now: datetime) -> list[Transition]:
    """What the engine's own stored changes did; one that only has newer evidence did nothing."""
    return [
        Transition(
            alert_id=change.after.id,
            at=now,
            from_state=None if change.before is None else change.before.state,
            to_state=change.after.state,
            who=ENGINE,
            why=change.after.rule if change.after.end_reason is None else change.after.end_reason.value,
        )
        for change in changes
        if change.moves and change.after.id is not None
    ]


async def record(connection: AsyncConnection[Any], transitions: Sequence[Transition]) -> None:
    if transitions:
        rows = Jsonb(transitions, dumps=msgspec.json.encode)
        await connection.execute(queries.RECORD, {"rows": rows})
