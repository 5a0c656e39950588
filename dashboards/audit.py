"""The audit log: every change a person makes, with who, when, from where and what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from dashboards.rights import queries


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a change, and from where: a network address, or the command line."""

    who: str
    origin: str


CLI = Author(who="cli", origin="cli")


async def record(
    connection: AsyncConnection[Any],
    by: Author,
    action: str,
    subject: str,
    *,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one line, in the caller's transaction: the change and its line are committed together or not at all."""
    line = {"at": now, "who": by.who, "origin": by.origin, "action": action, "subject": subject}
    await connection.execute(queries.ADD_AUDIT, line | {"detail": Jsonb(dict(detail or {}))})
