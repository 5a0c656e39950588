"""Pure: when a device reports, and how long it waits before it tries the broker again."""

from simulators.nature.noise import key, unit

FIRST_CONNECT_SECONDS = 3.0
BACKOFF_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)


def connect_delay(seed: int, device: str) -> float:
    """Seconds after the start: a city's devices do not all connect in the same instant."""
    return FIRST_CONNECT_SECONDS * unit(key(seed, device, "connect"))


def backoff_delay(seed: int, device: str, failures: int) -> float:
    """Seconds to wait after so many failures in a row, at most 45: each device its own half to one and a half."""
    step = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS)) - 1]
    return step * (0.5 + unit(key(seed, device, "backoff"), failures))


def report_delay(seed: int, device: str, *, interval_seconds: float, t: float) -> float:
    """Seconds from `t` to the device's next report: on a grid of its own, so that reports neither drift nor bunch."""
    phase = interval_seconds * unit(key(seed, device, "phase"))
    return interval_seconds - (t - phase) % interval_seconds
