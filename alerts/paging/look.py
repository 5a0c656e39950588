"""Pure: what comes of looking at a group: whether it is told now, and when to look again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.paging.group import Group

# How soon we look again at what nothing announces, such as the end of a silence.
LOOK_AGAIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`before` is what a message of now speaks of; `after` is the group once it is told, or just as it was."""

    before: Group
    after: Group
    tells: bool
    due_at: datetime | None
    closes: bool


def look(group: Group, now: datetime) -> Look:
    due = group.due_at()
    tells = due is not None and due <= now
    after = group.told(now) if tells else group
    closes = after.over
    return Look(before=group, after=after, tells=tells, due_at=None if closes else _again(after, now), closes=closes)


def _again(group: Group, now: datetime) -> datetime | None:
    polled = now + LOOK_AGAIN if any(one.hushed for one in group.members) else None
    return min((moment for moment in (group.due_at(), polled) if moment is not None), default=None)
