"""Pure: did it fail for want of power? From last words, mains flags, and what shares a feeder."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.states.evidence import Heard
from alerts.states.tree import Tree
from devices.plant import FEEDER
from devices.state import Judgement, Limits, Reason, State

SENSOR = "power"
# A single point that went dark is its own affair; two on one feeder are the feeder's.
FEEDER_LEAST = 2
NEVER = Judgement(state=State.UNKNOWN, reason=Reason.NEVER_HEARD)


@dataclass(frozen=True, slots=True)
class Power:
    """`window`: how far apart the signs of one cause may come."""

    tree: Tree
    heard: Heard
    limits: Mapping[str, Limits]
    window: timedelta

    def lost(self, device: str, since: datetime) -> bool:
        """Whether a device that failed at `since` failed for want of power: by its own last words, or a sensor's there.

        A feeder is power itself.
        """
        # After a blind time it is down since we see; its power went when it was heard last.
        since = min(since, self.heard.last_seen(device) or since)
        if self.tree.kind(device) == FEEDER or self.heard.gasped(device, since, self._slack(device)):
            return True
        sensors = [child for child in self.tree.below(device) if self.tree.kind(child) == SENSOR]
        return any(self._dark(one, since) for one in (device, *sensors))

    def of_sensor(self, feeder: str, own: Judgement, now: datetime) -> Judgement:
        """A feeder whose sensor talks is down when that says so."""
        off = self.heard.mains_off(feeder, now - self.limits[feeder].silence)
        return own if off is None else replace(own, state=State.DOWN, reason=Reason.MAINS_OFF, since=off)

    def of_feeder(self, feeder: str, own: Mapping[str, Judgement]) -> Judgement:
        """A feeder without a sensor is down when two or more on it fell, one of them said why, and nothing contradicts.

        Who stands on a battery and says so does not contradict; who is still on mains, or does not know, does.
        """
        on_it = {child: own[child] for child in self.tree.below(feeder) if child in own}
        blind = [judged.since for judged in on_it.values() if judged.reason is Reason.BLIND and judged.since]
        if blind:
            return Judgement(state=State.UNKNOWN, reason=Reason.BLIND, since=min(blind))
        fallen = {child: judged.since for child, judged in on_it.items() if judged.state is State.DOWN}
        since = min((moment for moment in fallen.values() if moment), default=None)
        if since is None or len(fallen) < FEEDER_LEAST:
            return NEVER
        alive = (child for child, judged in on_it.items() if judged.state is State.UP)
        told = any(self.lost(child, moment or since) for child, moment in fallen.items())
        if not told or not all(self._dark(child, since) for child in alive):
            return NEVER
        return Judgement(state=State.DOWN, reason=Reason.POWER_OF_ALL, since=since)

    def _dark(self, device: str, since: datetime) -> bool:
        return self.heard.mains_off(device, since - self._slack(device)) is not None

    def _slack(self, device: str) -> timedelta:
        """A last word is as old as the device's cadence lets it be."""
        return max(self.window, self.limits[device].silence)
