"""What a bad line or a broken encoder makes of a picture's RTP packets."""

from collections.abc import Callable
from random import Random

from simulators.rtsp.rtp import HEADER_BYTES

Spoil = Callable[[list[bytes]], list[bytes]]


def whole(packets: list[bytes]) -> list[bytes]:
    """Nothing is wrong."""
    return packets


def lossy(share: float, rng: Random) -> Spoil:
    """Each packet is lost with a probability of `share`, for all viewers alike; the numbers show the gap."""
    return lambda packets: [packet for packet in packets if rng.random() >= share]


def garbled(rng: Random) -> Spoil:
    """Numbers, times and lengths are right, all that follows is noise."""
    return lambda packets: [packet[:HEADER_BYTES] + rng.randbytes(len(packet) - HEADER_BYTES) for packet in packets]
