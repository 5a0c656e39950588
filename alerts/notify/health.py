"""Pure: whether a channel still delivers, by its newest receipts and by what it says when it is asked.

That a channel fails is told through another: `failing` is what the engine makes an alert of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES_IN_A_ROW = 3
NONE_DELIVERED_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What became of a channel's newest messages.

    `delivered_at` is its last delivery. `failures` are the attempts that failed for messages which are not delivered,
    `failing_since` is when the oldest of those was due, `reason` why the newest of them failed.
    """

    channel: str
    delivered_at: datetime | None
    failures: int
    failing_since: datetime | None
    reason: str | None


def failing(records: Iterable[Record], now: datetime, unreachable: Mapping[str, str] | None = None) -> dict[str, str]:
    """The channels that fail, each with the reason: it cannot be reached, or nothing arrives any more.

    Nothing arrives when three attempts failed and none succeeded for five minutes: a lone bad address among good
    ones is no channel that fails, nor is one lost packet.
    """
    found = {record.channel: record.reason or "unknown" for record in records if _nothing_arrives(record, now)}
    return {**(unreachable or {}), **found}


def _nothing_arrives(record: Record, now: datetime) -> bool:
    if record.failures < FAILURES_IN_A_ROW or record.failing_since is None:
        return False
    last_good = max(record.failing_since, record.delivered_at or record.failing_since)
    return now - last_good >= NONE_DELIVERED_FOR
