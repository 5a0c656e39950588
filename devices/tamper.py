"""What can be wrong with a camera's picture while its stream runs. Each is a metric of the kind camera, 0 or 1."""

from enum import StrEnum


class Tamper(StrEnum):
    DARK = "dark"
    OVEREXPOSED = "overexposed"
    COVERED = "covered"
    SPRAYED = "sprayed"
    DEFOCUSED = "defocused"
    FROZEN = "frozen"
    MOVED = "moved"
    SIGNAL_LOST = "signal_lost"
