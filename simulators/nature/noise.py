"""Pure: randomness without state. The same key and moment give the same number, in any order and any process."""

from functools import lru_cache
from hashlib import blake2b
from math import floor

MASK = 0xFFFF_FFFF_FFFF_FFFF
GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15
STEEPEST = 1.5
"""The largest slope of `smooth`, in units of 1 / period: that of the cubic between 0 and 1, at its middle."""


@lru_cache(maxsize=1 << 16)  # enough for the metrics of some 5,000 devices; beyond it a key is hashed again
def key(*words: str | float) -> int:
    """A 64-bit key of some words. Python's own `hash` differs from process to process."""
    return int.from_bytes(blake2b("/".join(map(str, words)).encode(), digest_size=8).digest())


def unit(key: int, index: int = 0) -> float:
    """A number from 0 (included) to 1 (excluded): the `index`-th of splitmix64 (Steele, Lea, Flood, OOPSLA 2014)."""
    word = (key + index * GOLDEN_GAMMA) & MASK
    word = ((word ^ (word >> 30)) * 0xBF58_476D_1CE4_E5B9) & MASK
    word = ((word ^ (word >> 27)) * 0x94D0_49BB_1331_11EB) & MASK
    return ((word ^ (word >> 31)) >> 11) * 2.0**-53


def smooth(key: int, t: float, period: float) -> float:
    """Value noise from 0 to 1: a random level at every multiple of `period`, joined by cubics that are flat there."""
    position = t / period
    index = floor(position)
    before, after = unit(key, index), unit(key, index + 1)
    x = position - index
    return before + (after - before) * x * x * (3.0 - 2.0 * x)
