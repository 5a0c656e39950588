"""Pure: what state a device is in among all others: its own judgement, seen beside what it hangs on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from devices.state import Bucket, Judgement, Limits, Mark, Reason, State, bucket_of

NO_MARKS: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An open row of device_state.

    `noted_at` is our clock's when this state was first judged. `settle_until` is set while the device awaits its
    re-check, since `settling_since`. `evidence` is what the state rests on, for a person to read.
    """

    state: State
    since: datetime
    reason: Reason
    bucket: Bucket
    noted_at: datetime
    cause: str | None = None
    marks: frozenset[Mark] = NO_MARKS
    settling_since: datetime | None = None
    settle_until: datetime | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def same_as(self, other: "Standing") -> bool:
        """Whether both are the same row of the history, in the same state for the same cause."""
        return (self.state, self.since, self.cause) == (other.state, other.since, other.cause)

    @property
    def alive(self) -> bool:
        return self.state in (State.UP, State.DEGRADED)

    @property
    def failed(self) -> bool:
        """Whether what hangs on it is cut off."""
        return self.state in (State.DOWN, State.UNREACHABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A device's standing before and after a round."""

    device: str
    before: Standing | None
    after: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """What failed above a device: the root, since when; whether for want of power, and whether it only relayed."""

    root: str
    since: datetime
    power: bool = False
    relays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """All that counts beside a device's own judgement.

    `heard_at` is when it was last surely alive, `seeing_since` when we last began to see after a time in which we could
    not. `maintenance` and `power` (what failed here failed for want of power) hold of the device itself.
    """

    above: Above | None = None
    heard_at: datetime | None = None
    seeing_since: datetime | None = None
    warned: tuple[str, ...] = ()
    maintenance: bool = False
    power: bool = False
    correlation: timedelta = timedelta(seconds=90)


def stand(own: Judgement, around: Around, before: Standing | None, limits: Limits, now: datetime) -> Standing:
    """The standing after this look; the one before where nothing but evidence changed.

    What a device hangs on excuses only what failed by its own evidence: a device that talks is up, whatever is above.
    When what it hangs on returns, it has time to be heard again, and is down only if it is not.
    """
    found = _settled(own, around, before, limits, now)
    found = replace(found, marks=_marks(found, around), bucket=_bucket(found, around, before))
    if before is None:
        # Its history begins now, whatever its evidence says of earlier: there may be an older history, of the same id.
        return replace(found, since=now)
    if _same_row(before, found):
        # That it was the power is learned, and not forgotten when the mains are back and the device is not.
        power = before.bucket is Bucket.POWER and found.failed
        kept = replace(found, since=before.since, noted_at=before.noted_at, evidence=before.evidence)
        return replace(kept, bucket=Bucket.POWER) if power else kept
    if _in_place(before, found, around):
        return replace(found, since=before.since)
    return replace(found, since=max(_began(before, found, now), before.since))


def above_of(waiting: Standing) -> Above | None:
    """What a device that awaits its re-check is to those below: the old cause, and what that was for want of."""
    if waiting.cause is None:
        return None
    power, relays = waiting.bucket is Bucket.POWER, waiting.bucket is Bucket.BLIND
    return Above(root=waiting.cause, since=waiting.since, power=power, relays=relays)


def _settled(own: Judgement, around: Around, before: Standing | None, limits: Limits, now: datetime) -> Standing:
    if own.state is State.UP:
        return _up(own, around, before, now)
    if own.state is State.UNKNOWN:
        return _plain(State.UNKNOWN, own, own.since or now, now)
    if around.above is not None:
        return _unreachable(own, around.above, now)
    if before is not None and before.state is State.UNREACHABLE:
        return _waiting(own, before, limits, now)
    return _plain(State.DOWN, own, own.since or now, now)


def _up(own: Judgement, around: Around, before: Standing | None, now: datetime) -> Standing:
    """Up since it was heard, but no earlier than we see; degraded since we know."""
    heard = max(filter(None, (around.heard_at, around.seeing_since)), default=now)
    if not around.warned:
        was_degraded = before is not None and before.state is State.DEGRADED
        return _plain(State.UP, own, now if was_degraded else min(heard, now), now)
    was_up = before is not None and before.state is State.UP
    degraded = _plain(State.DEGRADED, own, now if was_up else min(heard, now), now)
    return replace(degraded, reason=Reason.RULES)


def _unreachable(own: Judgement, above: Above, now: datetime) -> Standing:
    return replace(_plain(State.UNREACHABLE, own, min(own.since or now, now), now), cause=above.root)


def _in_place(before: Standing, found: Standing, around: Around) -> bool:
    """Whether the open row was wrong from its beginning: what fell within the correlation window fell of one cause,
    whichever was noticed first. Of a device that had failed long before, the history keeps that it was its own fault.
    """
    above = around.above
    return (
        above is not None
        and found.state is State.UNREACHABLE
        and before.failed
        and Mark.MAINTENANCE not in before.marks ^ found.marks
        and above.since - before.since <= around.correlation
    )


def _began(before: Standing, found: Standing, now: datetime) -> datetime:
    """What only changes its cause or its marks does so now; the rest since its evidence says so."""
    only_cause = before.failed and found.state is State.UNREACHABLE
    return now if only_cause or before.state is found.state else found.since


def _waiting(own: Judgement, before: Standing, limits: Limits, now: datetime) -> Standing:
    since = before.settling_since or now
    until = before.settle_until or now + limits.settling
    if now > until:
        return _plain(State.DOWN, own, since, now)
    waiting = replace(_plain(State.UNREACHABLE, own, before.since, now), cause=before.cause)
    return replace(waiting, settling_since=since, settle_until=until)


def _plain(state: State, own: Judgement, since: datetime, now: datetime) -> Standing:
    return Standing(state=state, since=since, reason=own.reason, bucket=Bucket.UP, noted_at=now, settle_until=_due(own))


def _due(own: Judgement) -> datetime | None:
    return own.due if own.awaiting else None


def _marks(found: Standing, around: Around) -> frozenset[Mark]:
    marks = {
        Mark.MAINTENANCE: around.maintenance,
        Mark.AWAITING_RECHECK: found.settle_until is not None,
    }
    return frozenset(mark for mark, holds in marks.items() if holds)


def _bucket(found: Standing, around: Around, before: Standing | None) -> Bucket:
    above = around.above
    if found.settling_since is not None and before is not None and not around.maintenance:
        return before.bucket
    return bucket_of(
        found.state,
        maintenance=around.maintenance,
        power=around.power if above is None else above.power,
        unseen=above is not None and above.relays,
    )


def _same_row(before: Standing, after: Standing) -> bool:
    """Marks but maintenance, and the bucket that becomes known later, are written into the row that is open."""
    return (before.state, before.cause, Mark.MAINTENANCE in before.marks) == (
        after.state,
        after.cause,
        Mark.MAINTENANCE in after.marks,
    )
