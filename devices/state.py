"""Pure: the state of a device, from evidence and now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from devices.reading import Status

# Silent for so many of its own intervals, a device is down.
SILENT_INTERVALS = 3


class State(StrEnum):
    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a device: the last moment it was surely alive, and its last word on its own connection.

    `last_seen` is event time, never later than receipt: an old value delivered now proves life then, not now.
    A retained status was spoken at an unknown earlier time, so an `online` of that sort proves nothing.
    """

    last_seen: datetime | None = None
    status: Status | None = None
    status_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A state, and since when it holds where the evidence tells: that a device is up does not say since when."""

    state: State
    since: datetime | None


def judge(evidence: Evidence, *, interval_seconds: float, now: datetime) -> Judgement:
    """Down by its own word or by silence, unknown when never heard, else up.

    Where an `offline` and a reading carry the same time, the `offline` wins: a will is the last thing said.
    """
    seen, said = evidence.last_seen, evidence.status_at
    if evidence.status is Status.OFFLINE and said is not None and (seen is None or said >= seen):
        return Judgement(state=State.DOWN, since=said)
    if seen is None:
        return Judgement(state=State.UNKNOWN, since=None)
    deadline = seen + timedelta(seconds=SILENT_INTERVALS * interval_seconds)
    if now > deadline:
        return Judgement(state=State.DOWN, since=deadline)
    return Judgement(state=State.UP, since=None)
