"""Pure: when a device reports, and how long it waits before it tries the broker again."""

from dataclasses import dataclass

from devices.kinds import KINDS
from simulators.nature.noise import key, unit

FIRST_CONNECT_SECONDS = 3.0
BACKOFF_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a city is lived: from `started` (UTC epoch seconds) on `speed` times as fast as the clock runs.

    A device reports every `interval_seconds` of the clock; without them, as often as its kind does in the city's time.
    """

    started: float
    speed: float = 1.0
    interval_seconds: float | None = None

    def city_time(self, now: float) -> float:
        """What the city's own clocks show, UTC epoch seconds, when ours show `now`."""
        return self.started + (now - self.started) * self.speed

    def seconds_to_report(self, seed: int, device: str, kind: str, now: float) -> float:
        """Seconds of the clock from `now` to the device's next report."""
        every = KINDS[kind].interval_seconds if self.interval_seconds is None else self.interval_seconds * self.speed
        return report_delay(seed, device, interval_seconds=every, t=self.city_time(now)) / self.speed

    def seconds_to_connect(self, seed: int, device: str) -> float:
        """Seconds of the clock after the start; at most one interval where it is shorter than usual."""
        within = FIRST_CONNECT_SECONDS if self.interval_seconds is None else self.interval_seconds
        return connect_delay(seed, device, within_seconds=min(FIRST_CONNECT_SECONDS, within))


def connect_delay(seed: int, device: str, *, within_seconds: float = FIRST_CONNECT_SECONDS) -> float:
    """Seconds after the start: a city's devices do not all connect in the same instant."""
    return within_seconds * unit(key(seed, device, "connect"))


def backoff_delay(seed: int, device: str, failures: int) -> float:
    """Seconds to wait after so many failures in a row, at most 45: each device its own half to one and a half."""
    step = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS)) - 1]
    return step * (0.5 + unit(key(seed, device, "backoff"), failures))


def report_delay(seed: int, device: str, *, interval_seconds: float, t: float) -> float:
    """Seconds from `t` to the device's next report: on a grid of its own, so that reports neither drift nor bunch."""
    phase = interval_seconds * unit(key(seed, device, "phase"))
    return interval_seconds - (t - phase) % interval_seconds
