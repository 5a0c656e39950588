"""The newest reading of a metric, below or above a bound."""

from datetime import datetime
from typing import Literal

from alerts.rules.bounded import Bounded, MetricName
from alerts.rules.subject import Measured, Subject
from alerts.rules.verdict import Verdict


class Threshold(Bounded):
    """A metric below or above a bound for as long as `for` (0 s unless given)."""

    kind: Literal["threshold"]
    metric: MetricName

    def judge(self, subject: Subject, now: datetime, *, fired: bool) -> Verdict:
        return self.weigh(self._newest(subject), subject, now, fired=fired)

    def due(self, subject: Subject) -> datetime | None:
        return self.data_end(self._newest(subject), subject)

    def _newest(self, subject: Subject) -> Measured | None:
        newest = subject.readings.get(self.metric)
        return None if newest is None else Measured(value=newest.value, at=newest.at)
