"""Pure: when the newest reading of the city was taken, and when anything was last received."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any


class Newest:
    """As queries.NEWEST reckons it, of rows as they change: that asks a table of all readings at every look."""

    def __init__(self) -> None:
        self.reading: datetime | None = None
        self.receipt: datetime | None = None

    def hear(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows of `latest`. A reading from the future is as old as its receipt."""
        for row in rows:
            alive = min(row["time"], row["received_at"])
            self.reading = alive if self.reading is None else max(self.reading, alive)
            self.receipt = row["received_at"] if self.receipt is None else max(self.receipt, row["received_at"])
