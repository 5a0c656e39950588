"""Pure: is it us? When too much falls silent at once, our own uplink is suspected before anybody else's fibre."""

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from alerts.states.settings import Ourselves
from devices.state import Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the witnesses said: how many of those `asked` could be reached, asked at `at`."""

    at: datetime
    asked: int
    reached: int

    @property
    def cut_off(self) -> bool:
        """Most of them cannot be reached: so it is us."""
        return self.asked > 0 and 2 * self.reached < self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """A device fell: by its evidence at `since`, by our clock's notice at `noted_at`."""

    device: str
    since: datetime
    noted_at: datetime


@dataclass(slots=True)
class Suspicion:
    """Who fell lately, and what that makes of our uplink.

    `crowd_at` is when too many had fallen. `uplink` is the last time in which it was gone, open while it is.
    """

    settings: Ourselves
    falls: deque[Fall] = field(default_factory=deque)
    crowd_at: datetime | None = None
    uplink: Gap | None = None

    @property
    def cut_off(self) -> bool:
        return self.uplink is not None and self.uplink.until is None

    def fell(self, device: str, since: datetime, now: datetime) -> None:
        self.falls.append(Fall(device=device, since=since, noted_at=now))

    def suspect(self, spoke: Callable[[], int], verdict: Verdict | None, now: datetime) -> bool:
        """Look once more; whether the uplink is another now. `spoke` counts the devices that were ever heard.

        It is gone when a crowd fell and witnesses asked since then cannot be reached, and back when they can.
        """
        self._forget(now)
        if self.cut_off and not self.settings.witnesses:
            self.uplink = self._closed(now)  # whoever could say that it is back is in the settings no more
            return True
        if self.cut_off:
            return self._back(verdict, now)
        crowd = len({fall.device for fall in self.falls})
        if not crowd or crowd <= self.settings.share * spoke():
            self.crowd_at = None
            return False
        self.crowd_at = self.crowd_at or now
        if verdict is None or verdict.at < self.crowd_at or not verdict.cut_off:
            return False
        # Who fell long before and was only noticed now fell of something else.
        noticed = min(fall.noted_at for fall in self.falls) - self.settings.within
        self.uplink = Gap(since=max(noticed, min(fall.since for fall in self.falls)))
        return True

    def undecided(self, verdict: Verdict | None, now: datetime) -> bool:
        """Whether it may be us: nobody is paged until the witnesses have been asked, or have had their time."""
        if not self.settings.witnesses or not self.falls:
            return False
        if self.crowd_at is None:
            return verdict is not None and verdict.cut_off
        return (verdict is None or verdict.at < self.crowd_at) and now < self.crowd_at + self.settings.patience

    def concerns(self, since: datetime | None, gap: Gap | None) -> bool:
        """Whether a failure that began at `since` is put down to the uplink: it began with it, or later.

        Not where the city's own `gap` came after it: that is what we see through then.
        """
        uplink = self.uplink
        if uplink is None or since is None or since < uplink.since - self.settings.within:
            return False
        return uplink.until is None or gap is None or (gap.until is not None and gap.until < uplink.until)

    def _back(self, verdict: Verdict | None, now: datetime) -> bool:
        uplink = self.uplink
        if uplink is None or verdict is None or verdict.cut_off or verdict.at <= uplink.since:
            return False
        self.uplink = self._closed(max(now, verdict.at))
        self.falls.clear()
        self.crowd_at = None
        return True

    def _closed(self, at: datetime) -> Gap | None:
        return None if self.uplink is None else Gap(since=self.uplink.since, until=at)

    def _forget(self, now: datetime) -> None:
        while self.falls and self.falls[0].noted_at < now - self.settings.within:
            self.falls.popleft()


def majority(answers: Collection[bool], at: datetime) -> Verdict:
    return Verdict(at=at, asked=len(answers), reached=sum(answers))
