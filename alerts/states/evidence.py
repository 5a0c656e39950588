"""Pure: what was heard of every device, and what that is evidence of: its own words only, never its gateway's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from devices.kinds import Probe
from devices.reading import Status
from devices.state import Evidence

ON_MAINS = "on_mains"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A newest value. `at` is its event time, capped by its receipt: a clock that runs ahead proves nothing.

    `failed`: it is the result of a probe that was not answered, so it proves no life. It was received `delay_seconds`
    after `at`.
    """

    value: float
    at: datetime
    failed: bool = False
    delay_seconds: float = 0.0

    @property
    def received_at(self) -> datetime:
        return self.at + timedelta(seconds=self.delay_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A device's last word on its connection, and when we heard it."""

    status: Status
    at: datetime
    retained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Failed probes in a row, up to now: how many, counted no further than it matters, and when the first was."""

    count: int
    since: datetime


@dataclass(slots=True)
class Heard:
    """By device: its newest readings by metric, its last word, its run of failed probes, its last gasp."""

    readings: dict[str, dict[str, Observed]] = field(default_factory=dict)
    words: dict[str, Word] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    gasps: dict[str, datetime] = field(default_factory=dict)

    def learn_runs(self, runs: Mapping[str, Run | None]) -> None:
        """Runs of failed probes; None where the newest one did not fail."""
        for device, run in runs.items():
            if run is None:
                self.runs.pop(device, None)
            else:
                self.runs[device] = run

    def last_seen(self, device: str) -> datetime | None:
        """When anything was last said by it, or of it by whoever asks it."""
        born = self._born(device)
        seen = max((reading.at for reading in self.readings.get(device, {}).values()), default=born)
        return seen if born is None or seen is None else max(seen, born)

    def alive_at(self, device: str) -> datetime | None:
        """When it was last surely alive: that somebody asked it in vain is no sign of it."""
        answered = (reading.at for reading in self.readings.get(device, {}).values() if not reading.failed)
        return max(filter(None, (max(answered, default=None), self._born(device))), default=None)

    def _born(self, device: str) -> datetime | None:
        """A birth heard as it happened proves life at that moment; a retained one may be from any earlier day."""
        word = self.words.get(device)
        return word.at if word is not None and word.status is Status.ONLINE and not word.retained else None

    def evidence(self, device: str) -> Evidence:
        word, run = self.words.get(device), self.runs.get(device)
        return Evidence(
            last_seen=self.last_seen(device),
            alive_at=self.alive_at(device),
            status=None if word is None else word.status,
            status_at=None if word is None else word.at,
            status_retained=word is not None and word.retained,
            failed_probes=run.count if run else 0,
            failing_since=run.since if run else None,
        )

    def newest_is(self, device: str, probe: Probe) -> bool:
        """Whether the device's newest probe failed."""
        newest = self.readings.get(device, {}).get(probe.metric)
        return newest is not None and newest.value == probe.failed

    def gasped(self, device: str, since: datetime, slack: timedelta) -> bool:
        """Whether it said near `since` that its power was going."""
        gasp = self.gasps.get(device)
        return gasp is not None and abs(gasp - since) <= slack

    def mains_off(self, device: str, since: datetime) -> datetime | None:
        """When it said that the mains are off, where that was its last word on them, and no older than `since`."""
        reading = self.readings.get(device, {}).get(ON_MAINS)
        return reading.at if reading is not None and reading.value == 0 and reading.at >= since else None
