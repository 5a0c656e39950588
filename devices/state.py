"""Pure: what state a device is in by its own evidence, from that evidence, its limits and now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from devices.kinds import KINDS
from devices.reading import Status

# Silent for so many of its own intervals, a device is down, where its kind says nothing else.
SILENT_INTERVALS = 3
# So many failed probes in a row are no accident any more: before, the failure is soft, and no state follows from it.
ATTEMPTS = 3
# After we could not see, or after what a device hangs on returned, it has so long to be heard again.
SETTLE_SECONDS = 120.0


class State(StrEnum):
    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class Mark(StrEnum):
    """What is said of a device beside its state."""

    MAINTENANCE = "maintenance"
    FLAPPING = "flapping"
    # What it hangs on is back, or we see again, and it has not been heard since: neither up nor down.
    AWAITING_RECHECK = "awaiting-recheck"


class Reason(StrEnum):
    """Which evidence a state rests on."""

    HEARD = "heard"  # it reported within its limits
    RULES = "rules"  # it reported, and a warning rule holds
    OFFLINE = "offline"  # its own word, or its will spoken by the broker
    SILENCE = "silence"  # nothing for so many of its own intervals
    PROBES = "probes"  # so many failed probes in a row
    MAINS_OFF = "mains-off"  # a feeder whose sensor says so
    POWER_OF_ALL = "power-of-all"  # a feeder without a sensor: those that hang on it lost their power
    NEVER_HEARD = "never-heard"
    BLIND = "blind"  # we could not see


class Bucket(StrEnum):
    """Where a span of time counts: exactly one of these."""

    UP = "up"
    DOWN = "down"
    UPSTREAM = "upstream"
    MAINTENANCE = "maintenance"
    BLIND = "blind"
    POWER = "power"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The numbers by which one device is judged. `interval_seconds` lie between two of its reports when all is well."""

    interval_seconds: float
    silent_intervals: float = SILENT_INTERVALS
    attempts: int = ATTEMPTS
    settle_seconds: float = SETTLE_SECONDS

    @classmethod
    def of_kind(cls, kind: str) -> "Limits":
        """The defaults of a kind; raises KeyError for one that does not exist."""
        known = KINDS[kind]
        return cls(interval_seconds=known.interval_seconds, silent_intervals=known.silent_intervals)

    @property
    def interval(self) -> timedelta:
        return timedelta(seconds=self.interval_seconds)

    @property
    def silence(self) -> timedelta:
        """The longest silence that is still in order."""
        return timedelta(seconds=self.silent_intervals * self.interval_seconds)

    @property
    def settling(self) -> timedelta:
        """How long it may take to be heard again: never shorter than an ordinary silence."""
        return max(timedelta(seconds=self.settle_seconds), self.silence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a device: the last moment it was surely alive, its last word on its connection, its probes.

    `last_seen` is event time, never later than receipt: an old value delivered now proves life then, not now. Only the
    device's own readings count, so a gateway that talks proves nothing about what hangs on it.
    A retained status was spoken at an unknown earlier time, so an `online` of that sort proves nothing.
    `alive_at` is as `last_seen`, without failed probes; of it nothing need be said where there are none.
    `failed_probes` in a row at the newest end, counted no further than it matters, the first at `failing_since`.
    """

    last_seen: datetime | None = None
    alive_at: datetime | None = None
    status: Status | None = None
    status_at: datetime | None = None
    status_retained: bool = False
    failed_probes: int = 0
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time in which we could not see. `until` is None while it lasts."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A state by own evidence (up, down or unknown), since when, and why.

    `since` is None where the evidence does not tell: that a device is up does not say since when.
    `awaiting`: it has not been heard since we see again, and is given time. `attempt` counts failures that are still
    soft. `due` is the moment after which time alone may change this judgement; None where only news can.
    """

    state: State
    reason: Reason
    since: datetime | None = None
    awaiting: bool = False
    attempt: int = 0
    due: datetime | None = None


def judge(evidence: Evidence, limits: Limits, *, now: datetime, gap: Gap | None = None) -> Judgement:
    """Down by its own word, by failed probes or by silence; unknown when never heard or while we cannot see; else up.

    `gap` is the last time in which we could not see this device. Where an `offline` and a reading carry the same time,
    the `offline` wins: a will is the last thing said. A silence is too long when `now` is later than its limit, so a
    reading that is exactly as old as allowed is in order, whichever of the two is looked at first.
    """
    if gap is not None and gap.until is None and _was_heard(evidence):
        return Judgement(state=State.UNKNOWN, reason=Reason.BLIND, since=gap.since)
    failure = _failure(evidence, limits, now)
    if failure is None:
        return _in_order(evidence, limits)
    if gap is None or gap.until is None:
        return failure
    return _after(gap, gap.until, failure, limits, now, retained=evidence.status_retained)


def bucket_of(state: State, *, maintenance: bool = False, power: bool = False, unseen: bool = False) -> Bucket:
    """The one bucket that a span in this state counts for.

    `power`: what failed, here or above, failed for want of power. `unseen`: what failed above only relayed what the
    device said, so that we could not see it.
    """
    if state is State.UNKNOWN:
        return Bucket.BLIND
    if maintenance:
        return Bucket.MAINTENANCE
    if state in (State.UP, State.DEGRADED):
        return Bucket.UP
    if power:
        return Bucket.POWER
    if state is State.DOWN:
        return Bucket.DOWN
    return Bucket.BLIND if unseen else Bucket.UPSTREAM


def _was_heard(evidence: Evidence) -> bool:
    return evidence.last_seen is not None or evidence.status_at is not None


def _failure(evidence: Evidence, limits: Limits, now: datetime) -> Judgement | None:
    """Down or unknown, as if we had seen all the time; None where all is in order."""
    seen, said = evidence.last_seen, evidence.status_at
    alive = evidence.alive_at if evidence.failed_probes else seen
    if evidence.status is Status.OFFLINE and said is not None and (alive is None or said >= alive):
        return Judgement(state=State.DOWN, reason=Reason.OFFLINE, since=said)
    if seen is None:
        return Judgement(state=State.UNKNOWN, reason=Reason.NEVER_HEARD)
    if now > seen + limits.silence:
        # It began when the first report did not come; that it is more than a late one is known only now.
        return Judgement(state=State.DOWN, reason=Reason.SILENCE, since=seen + limits.interval)
    if evidence.failed_probes >= limits.attempts:
        return Judgement(
            state=State.DOWN, reason=Reason.PROBES, since=evidence.failing_since, due=seen + limits.silence
        )
    return None


def _in_order(evidence: Evidence, limits: Limits) -> Judgement:
    seen = evidence.last_seen
    due = None if seen is None else seen + limits.silence
    return Judgement(state=State.UP, reason=Reason.HEARD, attempt=evidence.failed_probes, due=due)


def _after(
    gap: Gap, seeing: datetime, failure: Judgement, limits: Limits, now: datetime, *, retained: bool
) -> Judgement:
    """A failure as it looks after we could not see until `seeing`.

    What had failed before is down still. What seems to have failed in the gap, or is not heard yet behind it, has time
    to be heard again: of an outage of ours we must not make one of theirs.
    """
    since = failure.since
    if since is None or failure.reason is Reason.PROBES:
        return failure
    if since < gap.since:
        return _since_no_earlier(failure, seeing)
    if failure.reason is Reason.OFFLINE and since > seeing and not retained:
        return failure
    settled = seeing + limits.settling
    if now <= settled:
        return Judgement(state=State.UNKNOWN, reason=Reason.BLIND, since=gap.since, awaiting=True, due=settled)
    return _since_no_earlier(failure, seeing)


def _since_no_earlier(failure: Judgement, seeing: datetime) -> Judgement:
    since = max(failure.since or seeing, seeing)
    return Judgement(state=failure.state, reason=failure.reason, since=since, due=failure.due)
