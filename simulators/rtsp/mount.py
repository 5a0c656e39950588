"""A camera as its clients meet it."""

from dataclasses import dataclass
from random import Random

from simulators.faults import Fault
from simulators.rtsp.broadcast import Broadcast
from simulators.rtsp.login import Guard


@dataclass(slots=True, kw_only=True)
class Mount:
    """What it sends, whom it lets in (everyone without a guard), what is wrong with it, and where its noise is from."""

    broadcast: Broadcast
    guard: Guard | None
    noise: Random
    fault: Fault | None = None
