"""The sound of a camera without a picture: a tone in G.711 µ-law, as RTP carries it (RFC 3551 4.5.14)."""

import numpy as np
from numpy.typing import NDArray

from simulators.rtsp.recording import AccessUnit, Recording, Track

CLOCK_HZ = 8000
PACKETS_PER_SECOND = 50
TONE_HZ = 440
AMPLITUDE = 8000  # of 32767

_BIAS, _CLIP = 132, 32635
TRACK = Track(media="audio", control="trackID=1", payload_type=0, encoding="PCMU", clock_hz=CLOCK_HZ)


def tone() -> Recording:
    """One second, without a seam; to be joined at its beginning, where the time of day is told."""
    moments = np.arange(CLOCK_HZ) / CLOCK_HZ
    samples = np.rint(AMPLITUDE * np.sin(2 * np.pi * TONE_HZ * moments)).astype(np.int16)
    packets = np.split(mu_law(samples), PACKETS_PER_SECOND)
    units = [AccessUnit(payloads=(packet.tobytes(),), is_key=place == 0) for place, packet in enumerate(packets)]
    return Recording(track=TRACK, rate=PACKETS_PER_SECOND, units=tuple(units))


def mu_law(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Each sample in 8 bits (ITU-T G.711): sign, three bits of exponent, four of mantissa, all inverted."""
    magnitude = np.minimum(np.abs(samples.astype(np.int32)), _CLIP) + _BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = magnitude >> (exponent + 3) & 0x0F
    sign = np.where(samples < 0, 0x80, 0)
    return np.asarray(~(sign | exponent << 4 | mantissa) & 0xFF, np.uint8)
