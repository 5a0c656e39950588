"""Pure: what befalls a device's readings in a disaster: they drift, they stand still, they come late."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

import msgspec

MEMORY_REPORTS = 1_000
BATCH_REPORTS = 100
"""Ingest takes 1,000 elements and 64 KiB: a report of the most talkative kind has some 330 bytes."""


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """An element of telemetry as the contract writes it; `ts` in milliseconds since the epoch."""

    ts: int
    values: Mapping[str, float]
    historical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fade:
    """A metric moves away from its healthy value: by `by` in the end, evenly over `seconds`, without them at once."""

    metric: str
    by: float
    seconds: float = 0.0

    def bent(self, value: float, elapsed: float) -> float:
        share = elapsed / self.seconds if elapsed < self.seconds else 1.0
        return round(value + self.by * share, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A metric stands at a value, whatever is true."""

    metric: str
    value: float

    def bent(self, value: float, elapsed: float) -> float:  # noqa: ARG002  as of a Fade
        return self.value


Trouble: TypeAlias = Fade | Pinned


class Memory:
    """Reports that could not be said, the oldest first; of more than a thousand the oldest are forgotten."""

    def __init__(self) -> None:
        self._reports: deque[Report] = deque(maxlen=MEMORY_REPORTS)

    def __len__(self) -> int:
        return len(self._reports)

    def keep(self, report: Report) -> None:
        self._reports.append(report)

    def turn_historical(self) -> None:
        """What is kept by now will be said to be backfill."""
        for index, report in enumerate(self._reports):
            self._reports[index] = msgspec.structs.replace(report, historical=True)

    def oldest(self) -> list[Report]:
        """As many of the oldest as fit into one message."""
        return list(islice(self._reports, BATCH_REPORTS))

    def forget(self, up_to: int) -> None:
        """Those of `up_to`, in milliseconds since the epoch, and before: they were said."""
        while self._reports and self._reports[0].ts <= up_to:
            self._reports.popleft()
