"""Pure: rules that failed while they ran. A city must not go unwatched for one of them."""

import logging
from dataclasses import dataclass, field

from alerts.metrics import RULE_FAILURES

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Failures:
    """Each is counted; of each rule the first is logged."""

    known: set[str] = field(default_factory=set)

    def note(self, rule: str, about: str, fault: Exception) -> None:
        RULE_FAILURES.labels(rule).inc()
        if rule not in self.known:
            self.known.add(rule)
            log.error("rule %s failed, about %s first; the next are only counted", rule, about, exc_info=fault)
