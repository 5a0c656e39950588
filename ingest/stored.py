"""What a commit did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Counts of readings: new, there before with the same value, and come too late for a moment that has another."""

    committed: int
    duplicate: int = 0
    conflicting: int = 0
