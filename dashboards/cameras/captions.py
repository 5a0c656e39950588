"""Pure: what is said on a picture of when it was taken, in the city's zone and the screen's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dashboards.cameras.freshness import AHEAD
from dashboards.settings import DashboardsSettings
from dashboards.words import Language, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Captions:
    zone: ZoneInfo
    zone_label: str
    words: Mapping[str, str]

    @classmethod
    def of(cls, settings: DashboardsSettings, language: Language | None) -> "Captions":
        return cls(
            zone=ZoneInfo(settings.time_zone),
            zone_label=settings.zone_label,
            words=words(language or settings.language),
        )

    def taken(self, captured_at: datetime, now: datetime) -> str:
        """When a fresh picture was taken, and how long ago."""
        age = max(timedelta(), now - captured_at) // timedelta(seconds=1)
        return f"{self._clock(captured_at)}  {age} {self.words['second']}"

    def missing(self, captured_at: datetime | None, now: datetime) -> tuple[str, ...]:
        """In lines: that there is no picture, and since when; a time from the future tells nothing of that."""
        if captured_at is None:
            return (self.words["no_picture_yet"],)
        if captured_at > now + AHEAD:
            return (self.words["no_picture"],)
        there, today = captured_at.astimezone(self.zone), now.astimezone(self.zone).date()
        if there.date() == today:
            return self.words["no_picture"], f"{self.words['since']} {self._clock(captured_at)}"
        return self.words["no_picture"], f"{self.words['since']} {there:%d-%m-%Y}", self._clock(captured_at)

    def _clock(self, time: datetime) -> str:
        return f"{time.astimezone(self.zone):%H:%M:%S} {self.zone_label}"
