"""A value reckoned from more than the newest reading, then judged by a bound: rate, window, forecast, anomaly.

Every window ends at the device's newest reading, by the device's own clock: so the value can be another one only when
that metric has news, readings that are delivered in bunches are judged as if they had come one by one, and a device
that fell silent has an old value, which is trusted no longer than any other.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeAlias

from alerts.rules.bounded import Bounded, MetricName
from alerts.rules.subject import Measured, Subject
from alerts.rules.verdict import Verdict

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
QUICKEST, SLOWEST = timedelta(seconds=1), MINUTE
# Asked for every tenth of its window: a value that moves by a tenth at most is told early enough.
SHARE = 10

Row: TypeAlias = Mapping[str, Any]


class Derived(Bounded):
    """What a kind adds is its statement, what is to be put into it, and what its rows say.

    The statement is asked once for all devices with news, at most every `cadence`. It takes `devices`, `metric`,
    `window` and what `parameters` adds, and returns rows with `device`, and `at`: the newest reading's event time,
    never later than its receipt.
    """

    statement: ClassVar[str]

    metric: MetricName

    @property
    def window(self) -> timedelta:
        """How far back it looks."""
        raise NotImplementedError

    def parameters(self, now: datetime) -> dict[str, object]:
        """What the statement needs. `since`: no reading before can lie in any window that still matters."""
        return {"metric": self.metric, "window": self.window, "since": now - self.window - DAY}

    def measure(self, row: Row) -> Measured | None:
        """What a row says; None where that is too little to say anything."""
        raise NotImplementedError

    @property
    def question(self) -> str:
        return self.statement

    @property
    def cadence(self) -> timedelta:
        return min(max(self.window / SHARE, QUICKEST), SLOWEST)

    def judge(self, subject: Subject, now: datetime, *, fired: bool) -> Verdict:
        return self.weigh(subject.measured_by(self.name), subject, now, fired=fired)

    def due(self, subject: Subject) -> datetime | None:
        return self.data_end(subject.measured_by(self.name), subject)
