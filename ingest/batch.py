"""Pure: is the batch full, or old."""

from pydantic import BaseModel, Field


class BatchLimits(BaseModel, frozen=True, extra="forbid"):
    """A batch is committed when it holds so many messages or bytes, or when its oldest message is so old.

    The bytes bound the memory of a batch: packed with the shortest values there are, they become some 30 times as much.
    """

    messages: int = Field(default=2_000, ge=1, le=10_000)
    payload_bytes: int = Field(default=2 * 1024 * 1024, ge=1)
    seconds: float = Field(default=0.05, gt=0, le=0.15)


def seconds_to_wait(limits: BatchLimits, *, messages: int, payload_bytes: int, age_seconds: float) -> float:
    """How long the batch may still grow; 0 when it is due. An empty batch is never due: infinity."""
    if messages == 0:
        return float("inf")
    if messages >= limits.messages or payload_bytes >= limits.payload_bytes:
        return 0.0
    return max(0.0, limits.seconds - age_seconds)
