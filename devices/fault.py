"""What is wrong with one place of a device list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault, with the line it stands on, counted from 1; None where the devices come from no file."""

    line: int | None
    device: str = ""
    column: str = ""
    reason: str

    def __str__(self) -> str:
        """`12: fp-001: latitude: 104.2 is …`: behind a file's name and a colon it is what editors jump to."""
        where = (str(self.line) if self.line is not None else "", self.device, self.column)
        return ": ".join([*(part for part in where if part), self.reason])
