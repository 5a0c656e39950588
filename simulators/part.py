"""Pure: one device as it is played: what it would say now, after all that befell it."""

from collections.abc import Iterable, Mapping

from devices.device import Device
from devices.kinds import KINDS
from simulators.city import City
from simulators.outage import Memory, Report, Trouble
from simulators.schedule import Pace


class Part:
    """`cut`: nobody hears it. `remembering`: meanwhile it keeps its reports. `silent`: it is there and says nothing.

    A device that is `probed` does not speak: the control room asks, and says itself what came of it.
    Times are UTC epoch seconds.
    """

    def __init__(self, device: Device, city: City, pace: Pace, *, probed: bool = False) -> None:
        self.device = device
        self.cut = self.silent = self.remembering = False
        self.memory = Memory()
        self._city = city
        self._pace = pace
        self._probed = probed
        self._troubles: list[tuple[Trouble, float]] = []
        self._last_ts = 0

    @property
    def metrics(self) -> Iterable[str]:
        return KINDS[self.device.kind].metrics

    def suffer(self, troubles: Iterable[Trouble], now: float) -> None:
        """From now on, beside those it has. Raises KeyError for a metric that the device does not report."""
        for trouble in troubles:
            if trouble.metric not in self.metrics:
                raise KeyError(f"{self.device.id} does not report {trouble.metric}")
            self._troubles.append((trouble, now))

    def recover(self) -> None:
        self._troubles.clear()

    def values(self, now: float) -> dict[str, float]:
        values = self._city.values(self.device, self._pace.city_time(now))
        for trouble, since in self._troubles:
            values[trouble.metric] = trouble.bent(values[trouble.metric], now - since)
        return values

    def report(self, now: float) -> Report | None:
        """What is to be said of the device, if anything; what nobody would hear is kept while it is remembering."""
        if self.silent:
            return None
        if not self.cut:
            return self.stamped(self.values(now), now)
        if self.remembering:
            self.memory.keep(self.stamped(self.values(now), now))
        return self._failed_probe(now) if self._probed else None

    def stamped(self, values: Mapping[str, float], now: float, *, historical: bool = False) -> Report:
        """With the time `now`, or the next millisecond that has not been: one reading per metric and time."""
        self._last_ts = max(self._last_ts + 1, int(now * 1_000))
        return Report(ts=self._last_ts, values=values, historical=historical)

    def seconds_to_report(self, now: float) -> float:
        return self._pace.seconds_to_report(self._city.seed, self.device.id, self.device.kind, now)

    def _failed_probe(self, now: float) -> Report | None:
        probe = KINDS[self.device.kind].probe
        return None if probe is None else self.stamped({probe.metric: probe.failed}, now)
