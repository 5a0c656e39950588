"""A device is in a state for itself."""

from datetime import datetime, timedelta
from typing import ClassVar, Literal

from alerts.duration import Duration
from alerts.rules.subject import Subject
from alerts.rules.terms import Template, Terms
from alerts.rules.verdict import Breached, Cleared, Verdict
from devices.state import Reason, State


class InState(Terms):
    """A device is down by itself. What is above it having failed is no reason to page for it: that is held back.

    It ends when the device was back for `keep_firing_for` without a break, and no longer flaps: a radio that comes and
    goes is one alert, not many.
    """

    speaks_of_health: ClassVar[bool] = False
    only_of_failed: ClassVar[bool] = True
    keeps_by_itself: ClassVar[bool] = True

    kind: Literal["state"]
    state: Literal["down"] = "down"
    keep_firing_for: Duration = timedelta(minutes=2)
    summary: Template = "{{ device.name }}: {{ 'naik-turun' if flapping else 'putus' }}"

    def judge(self, subject: Subject, now: datetime, *, fired: bool) -> Verdict:  # noqa: ARG002  there is but one bound
        """A device that flaps has failed, whichever way it fell last; each of its changes is no news any more."""
        standing = subject.standing
        if standing is None:
            return None
        # A feeder without a sensor is never alive: it is over when nothing speaks of its failure any more.
        well = standing.alive or standing.reason is Reason.NEVER_HEARD
        if well and not subject.flapping:
            return Cleared(at=standing.since) if now >= standing.noted_at + self.keep_firing_for else None
        fallen = standing.state is State.DOWN and subject.confirmed
        if not fallen and not subject.flapping and subject.held_by is None:
            return None
        lasted = (now - standing.since) // timedelta(seconds=1)
        return Breached(since=standing.since, at=standing.since, value=lasted)
