"""Nothing was heard of a device for too long."""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from alerts.duration import Duration
from alerts.rules.subject import Subject
from alerts.rules.terms import Template, Terms
from alerts.rules.verdict import Breached, Cleared, Verdict
from devices.state import SILENT_INTERVALS, State


class Silence(Terms):
    """No reading of any metric for longer than `after`: a duration, or a number of the device's own intervals."""

    speaks_of_health: ClassVar[bool] = False

    kind: Literal["silence"]
    after: Annotated[float, Field(ge=1, le=10_000, strict=True)] | Duration = float(SILENT_INTERVALS)
    summary: Template = "{{ device.name }}: tidak ada data selama {{ value }} detik"

    @field_validator("after")
    @classmethod
    def _some_time(cls, after: float | timedelta) -> float | timedelta:
        if isinstance(after, timedelta) and not after:
            raise ValueError("must be longer than nothing")
        return after

    def allowed(self, interval_seconds: float) -> timedelta:
        """The longest silence that is still in order."""
        return self.after if isinstance(self.after, timedelta) else timedelta(seconds=self.after * interval_seconds)

    def judge(self, subject: Subject, now: datetime, *, fired: bool) -> Verdict:  # noqa: ARG002  there is but one bound
        """A device never heard from is unknown, not silent; and what was said while we could not see was not heard."""
        seen, deadline = subject.last_seen, self.due(subject)
        if seen is None or deadline is None or subject.state is State.UNKNOWN:
            return None
        if min(now, subject.seen_until or now) <= deadline:
            return None if subject.flapping else Cleared(at=seen)
        if not subject.confirmed or subject.flapping:
            return None
        return Breached(since=deadline, at=seen, value=(now - seen) // timedelta(seconds=1))

    def due(self, subject: Subject) -> datetime | None:
        """The last moment at which the device's silence is in order."""
        if subject.last_seen is None:
            return None
        heard = max(subject.last_seen, subject.seeing_since or subject.last_seen)
        return heard + self.allowed(subject.limits.interval_seconds)
