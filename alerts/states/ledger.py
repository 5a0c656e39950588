"""Pure: the standing of every device, judged again only where it may be another.

A device is looked at when it said something, when its time is up, or when what it hangs on changed. So a round costs
what happened in it, not what the city has.
"""

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from alerts.states.alarm_clock import AlarmClock
from alerts.states.evidence import Heard
from alerts.states.ourselves import Suspicion
from alerts.states.power import SENSOR, Power
from alerts.states.settings import StateSettings
from alerts.states.standing import Above, Around, Moved, Standing, above_of, stand
from alerts.states.tree import Tree
from devices.device import Device, Parent
from devices.flapping import CHECKS, is_flapping
from devices.kinds import KINDS
from devices.plant import FEEDER
from devices.state import Gap, Judgement, Limits, Mark, Reason, State, judge


@dataclass(slots=True)
class Ledger:
    """`heard` is shared with whoever learns it. `standings` is what device_state says, and what it is to say."""

    settings: StateSettings
    suspicion: Suspicion
    heard: Heard
    tree: Tree = field(default_factory=lambda: Tree.of(()))
    limits: dict[str, Limits] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    own: dict[str, Judgement] = field(default_factory=dict)
    changes: dict[str, deque[datetime]] = field(default_factory=dict)
    maintained: frozenset[str] = frozenset()
    warned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gap: Gap | None = None
    # How far we are known to have seen; None for now. A silence beyond it may be ours.
    seen_until: datetime | None = None
    # What the failure of a device, or of what it hangs on, is to those below; only those for whom it is something.
    _passed: dict[str, Above] = field(default_factory=dict)
    _touched: set[str] = field(default_factory=set)
    _clock: AlarmClock = field(default_factory=AlarmClock)

    @property
    def power(self) -> Power:
        return Power(self.tree, self.heard, self.limits, self.settings.correlation)

    def learn_devices(self, devices: Iterable[Device]) -> None:
        """The whole registry anew; a device of a kind that does not exist is not judged."""
        self.tree = Tree.of([device for device in devices if device.kind in KINDS])
        for device in [one for one in self.heard.runs if not self._probed(one)]:
            del self.heard.runs[device]
        self.limits = {id_: self.settings.limits(device) for id_, device in self.tree.devices.items()}
        for book in (self.standings, self.own, self._passed):
            for gone in book.keys() - self.limits.keys():
                del book[gone]
        self.touch_all()

    def _probed(self, device: str) -> bool:
        return device in self.tree.devices and KINDS[self.tree.kind(device)].probe is not None

    def learn_gap(self, gap: Gap | None) -> None:
        """The last time in which we could not see the city. Another one is news for every device."""
        if gap != self.gap:
            self.gap = gap
            self.touch_all()

    def learn_maintained(self, devices: frozenset[str]) -> None:
        self.touch(devices ^ self.maintained)
        self.maintained = devices

    def learn_warned(self, warned: Mapping[str, tuple[str, ...]]) -> None:
        """Rules that hold, by device."""
        known = self.warned
        self.touch(device for device in warned.keys() | known.keys() if warned.get(device) != known.get(device))
        self.warned = warned

    def touch(self, devices: Iterable[str]) -> None:
        """Something was heard of these devices, or by them."""
        self._touched.update(devices)

    def touch_all(self) -> None:
        self._touched = set(self.limits)

    def judge(self, now: datetime) -> list[Moved]:
        """Every standing that is another now, those above before those below."""
        todo = (self._touched | self._clock.ring(now)) & self.limits.keys()
        powered = todo
        while powered := self._told_of_power(powered) - todo:
            todo |= powered
        self._touched = set()
        self._judge_own(todo, now)
        return list(self._stand(todo, now))

    @property
    def blind(self) -> bool:
        """Whether we cannot see the city at all."""
        return self.gap is not None and self.gap.until is None

    @property
    def seeing_since(self) -> datetime | None:
        """When the last time ended in which we could not see."""
        gaps = (self.gap, self.suspicion.uplink)
        return max((gap.until for gap in gaps if gap is not None and gap.until is not None), default=None)

    def spoke(self) -> int:
        """How many devices were ever heard."""
        return sum(map(was_heard, self.own.values()))

    def confirmed(self, device: str, now: datetime) -> bool:
        """Whether a device that is down is down by itself, as far as can be known by now.

        What it hangs on was heard after it fell, or has had the correlation window for falling too.
        """
        standing = self.standings[device]
        if now >= standing.noted_at + self.settings.correlation:
            return True
        return all(self._proved(parent, standing.since) for parent in self.tree.parents[device])

    def _judge_own(self, todo: set[str], now: datetime) -> None:
        """Each by its own evidence. Feeders without a sensor come last, from the bottom up, by what hangs on them."""
        for device in tuple(todo):
            before, own = self.own.get(device), self._own(device, now)
            self.own[device] = own
            self._clock.wake(device, own.due)
            if own.state is State.DOWN and (before is None or before.state is not State.DOWN):
                self._fell(device, own.since or now, now)
        feeders = [device for device in todo if self.tree.kind(device) == FEEDER]
        for feeder in sorted(feeders, key=lambda device: (-self.tree.depth[device], device)):
            if self.own[feeder].reason is Reason.NEVER_HEARD:
                self.own[feeder] = self.power.of_feeder(feeder, self.own)

    def _fell(self, device: str, since: datetime, now: datetime) -> None:
        """One that had failed before, as the history knows, did not fall now: we only began to look."""
        standing = self.standings.get(device)
        if standing is None or not standing.failed:
            self.suspicion.fell(device, since, now)

    def _told_of_power(self, todo: Iterable[str]) -> set[str]:
        """Those of whose power these devices tell: what a power sensor stands at, and the feeder that one hangs on."""
        return {
            above
            for device in todo
            for above in self.tree.parent_ids(device)
            if self.tree.kind(device) == SENSOR or self.tree.kind(above) == FEEDER
        }

    def _own(self, device: str, now: datetime) -> Judgement:
        """By its own evidence; what fell with our uplink is seen through the time in which that was gone."""
        evidence, limits = self.heard.evidence(device), self.limits[device]
        seen = now if self.seen_until is None else min(now, self.seen_until)
        own = judge(evidence, limits, now=seen, gap=self.gap)
        if own.state is State.UP and self.tree.kind(device) == FEEDER:
            return self.power.of_sensor(device, own, now)
        if own.state is State.DOWN and self.suspicion.concerns(own.since, self.gap):
            return judge(evidence, limits, now=seen, gap=self.suspicion.uplink)
        return own

    def _stand(self, todo: set[str], now: datetime) -> Iterator[Moved]:
        """From the top down, so that each is seen beside what it hangs on as that is now."""
        depth = self.tree.depth
        rest, waiting = [(depth[device], device) for device in todo], set(todo)
        heapq.heapify(rest)
        while rest:
            _, device = heapq.heappop(rest)
            waiting.discard(device)
            before = self.standings.get(device)
            after = self.standings[device] = self._look(device, before, now)
            self._clock.wake(device, after.settle_until)
            if after != before:
                yield Moved(device=device, before=before, after=after)
            if self._pass_on(device, after):
                for child in self.tree.below(device):
                    if child not in waiting:
                        waiting.add(child)
                        heapq.heappush(rest, (depth[child], child))

    def _look(self, device: str, before: Standing | None, now: datetime) -> Standing:
        own = self.own[device]
        if before is not None and self._as_ever(device, own, before):
            return before
        down = own.state is State.DOWN
        around = Around(
            above=self._above(device) if down else None,
            heard_at=self.heard.last_seen(device),
            seeing_since=self.seeing_since if before is not None and before.reason is Reason.BLIND else None,
            warned=self.warned.get(device, ()),
            maintenance=device in self.maintained,
            power=down and self.power.lost(device, own.since or now),
            correlation=self.settings.correlation,
        )
        after = stand(own, around, before, self.limits[device], now)
        self._note_change(device, before, after, now)
        if self._flaps(device, was=before is not None and Mark.FLAPPING in before.marks, now=now):
            after = replace(after, marks=after.marks | {Mark.FLAPPING})
        same = before is not None and after.same_as(before)
        soft = self._failed_probes(device) != after.evidence.get("failed_probes", 0)
        return after if same and not soft else replace(after, evidence=self._told(device, after))

    def _as_ever(self, device: str, own: Judgement, before: Standing) -> bool:
        """What is nearly all that ever happens: it was up and is, and nothing else is said of it."""
        return (
            own.state is State.UP
            and before.state is State.UP
            and not before.marks
            and device not in self.warned
            and device not in self.maintained
            and device not in self.changes
            and self._failed_probes(device) == before.evidence.get("failed_probes", 0)
        )

    def _failed_probes(self, device: str) -> int:
        """How many in a row at the newest end; below its limit they are soft, and only noted."""
        run = self.heard.runs.get(device)
        return run.count if run else 0

    def _note_change(self, device: str, before: Standing | None, after: Standing, now: datetime) -> None:
        """What counts for flapping: that a device fell by itself, or came back from it. What fell with others does not,
        and what first seemed to have fallen by itself did not.
        """
        if before is None or before.state is after.state:
            return
        if before.alive is not after.alive and State.DOWN in (before.state, after.state):
            self.changes.setdefault(device, deque(maxlen=CHECKS)).append(now)
        elif before.state is State.DOWN and after.cause is not None and self.changes.get(device):
            self.changes[device].pop()

    def _told(self, device: str, standing: Standing) -> dict[str, object]:
        """What the state rests on, as device_state keeps it."""
        evidence, limits = self.heard.evidence(device), self.limits[device]
        told: dict[str, object | None] = {
            "last_seen": evidence.last_seen,
            "status": evidence.status,
            "status_at": evidence.status_at,
            "interval_seconds": limits.interval_seconds,
            "silent_after_seconds": limits.silence.total_seconds(),
            "failed_probes": evidence.failed_probes or None,
            "attempts": limits.attempts if evidence.failed_probes else None,
            "rules": self.warned.get(device) if standing.state is State.DEGRADED else None,
        }
        if standing.reason is Reason.POWER_OF_ALL:
            told["members"] = sorted(child for child in self.tree.below(device) if self.own[child].state is State.DOWN)
        return {key: value for key, value in told.items() if value is not None}

    def _flaps(self, device: str, *, was: bool, now: datetime) -> bool:
        """While it flaps, each interval of quiet is looked at: it may be the one that ends it."""
        changes = self.changes.get(device)
        if not changes:
            return False
        flaps = is_flapping(changes, self.limits[device].interval, now, was=was)
        if flaps:
            self._clock.wake(device, now + self.limits[device].interval)
        return flaps

    def _above(self, device: str) -> Above | None:
        """What failed above: of several the one that failed first."""
        failed: list[Above] = []
        for parent in self.tree.parents[device]:
            members = (parent,) if isinstance(parent, str) else parent
            roots = [self._passed[member] for member in members if member in self._passed]
            if len(roots) == len(members):
                failed += roots
        return min(failed, key=lambda above: (above.since, above.root), default=None)

    def _pass_on(self, device: str, standing: Standing) -> bool:
        """Note what the device is to those below; whether that is something else now."""
        passed, before = self._passing(device, standing), self._passed.pop(device, None)
        if passed is not None:
            self._passed[device] = passed
        return passed != before

    def _passing(self, device: str, standing: Standing) -> Above | None:
        """A device of which nothing is known lets through what is above it; one that waits keeps its old cause."""
        if standing.reason is Reason.NEVER_HEARD:
            return self._above(device)
        if standing.state is State.UNREACHABLE:
            return self._above(device) or above_of(standing)
        if standing.state is not State.DOWN:
            return None
        power, relays = self.power.lost(device, standing.since), KINDS[self.tree.kind(device)].relays
        return Above(root=device, since=standing.since, power=power, relays=relays)

    def _proved(self, parent: Parent, since: datetime) -> bool:
        members = (parent,) if isinstance(parent, str) else parent
        return any(self._alive_after(member, since) for member in members)

    def _alive_after(self, device: str, since: datetime) -> bool:
        standing, seen = self.standings.get(device), self.heard.alive_at(device)
        if standing is None or standing.reason is Reason.NEVER_HEARD:
            return all(self._proved(parent, since) for parent in self.tree.parents[device])
        return standing.state in (State.UP, State.DEGRADED) and seen is not None and seen > since


def was_heard(own: Judgement | None) -> bool:
    """Whether a device ever spoke, by what it is judged to be."""
    return own is not None and own.reason is not Reason.NEVER_HEARD
