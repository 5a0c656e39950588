"""Pure: which event times of a batch came late. A history made of readings is to be reckoned again where they lie."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from devices.kinds import Kind
from devices.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class LateSpan:
    """From the first to the last late event time of a device in one batch, and when the last of them was received."""

    device: str
    since_us: int
    until_us: int
    received_us: int


def late_before_us(kind: Kind, received_us: int) -> float:
    """What is older at its receipt than one interval of its kind is late: the next report was due already."""
    return received_us - kind.interval_seconds * 1e6


def late_spans(late: Iterable[Reading]) -> list[LateSpan]:
    """One per device, in the order of their names."""
    devices: dict[str, list[Reading]] = defaultdict(list)
    for reading in late:
        devices[reading.device].append(reading)
    return [
        LateSpan(
            device=device,
            since_us=min(reading.time_us for reading in readings),
            until_us=max(reading.time_us for reading in readings),
            received_us=max(reading.received_us for reading in readings),
        )
        for device, readings in sorted(devices.items())
    ]
