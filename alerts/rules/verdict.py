"""What a rule makes of the evidence."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Breached:
    """The rule does not hold, since event time `since`, by evidence of event time `at`.

    `facts` are told beside the value, in the order in which the kind of rule names them. `no_data`: it does not hold
    because nothing is known any more.
    """

    since: datetime
    at: datetime
    value: float | None = None
    facts: tuple[float, ...] = ()
    no_data: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """The rule holds, by evidence of event time `at`."""

    at: datetime


# None: the evidence decides nothing, and what was stays.
Verdict: TypeAlias = Breached | Cleared | None
