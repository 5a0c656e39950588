"""What devices say reaches us late: our own intake lags, or a gateway holds it back."""

from datetime import datetime
from statistics import median_low
from typing import ClassVar, Literal

from alerts.rules.grouped import Grouped, can_be_judged
from alerts.rules.subject import Subject
from alerts.rules.terms import Template
from alerts.rules.verdict import Breached, Cleared, Verdict


class Delay(Grouped):
    """The median, over a group, of the seconds between the time of a device's newest reading and our receipt of it.

    One device with a slow clock is not much; half of all with one is our own delay. Only what was received lately
    counts: when nothing comes at all, we are blind, which is another alert.
    """

    facts: ClassVar[tuple[str, ...]] = ("of",)

    kind: Literal["delay"]
    summary: Template = "{{ device.name }}: {{ rule }}, data terlambat {{ value | round | int }} detik"

    def judge(self, subject: Subject, now: datetime, *, fired: bool) -> Verdict:
        known = [found for member in subject.members for found in self._member(member, now)]
        if len(known) < self.least:
            return None
        delay, at = median_low(delay for delay, _ in known), max(at for _, at in known)
        if self.breached(delay):
            return Breached(since=at, at=at, value=delay, facts=(float(len(known)),))
        return None if fired and not self.cleared(delay) else Cleared(at=at)

    def _member(self, member: Subject, now: datetime) -> list[tuple[float, datetime]]:
        """The delay of its newest reading, and when that was received."""
        newest = max(member.readings.values(), key=lambda reading: reading.at, default=None)
        if newest is None or not can_be_judged(member) or now > newest.received_at + self.trusted_for(member):
            return []
        return [(newest.delay_seconds, newest.received_at)]
