"""Pure: which pictures are kept beside the latest, and why."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from devices.tamper import Tamper
from video.keep_settings import KeepSettings
from video.still import Still

# A picture comes later than it was taken, but never by so much: one that seems to was taken by a clock set back.
SET_BACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the measures said of one picture.

    `motion_ratio` is the share of it, outside the motion masks, that moved. A tamper is `pending` while the picture
    looks like it but not yet for long enough, and `holding` while it is said of the camera.
    """

    motion_ratio: float = 0.0
    pending: frozenset[Tamper] = frozenset()
    holding: frozenset[Tamper] = frozenset()


@dataclass(frozen=True, slots=True)
class Occasion:
    """A picture to keep, and its reason as devices/frame_files.py names them."""

    still: Still
    reason: str


class Keeping:
    """Decides for one camera. Holds two pictures: the last one, and the last one before a tamper."""

    def __init__(self, settings: KeepSettings) -> None:
        self._tampers = TamperPairs()
        self._alerts = AlertPairs(timedelta(seconds=settings.alert_after_seconds))
        self._changes = Changes(settings)
        self._regular = Regular(settings)

    def alert(self, at: datetime) -> None:
        """An alert was raised; its pictures come with the next ones taken. From any thread."""
        self._alerts.call(at)

    def see(self, still: Still, sight: Sight) -> list[Occasion]:
        """What to keep now; told once of each picture, in order. None is kept as regular that is kept anyway."""
        told = [
            *self._tampers.see(still, sight),
            *self._alerts.see(still),
            *self._changes.see(still, sight),
        ]
        regular = self._regular.see(still)
        return told if any(occasion.still is still for occasion in told) else [*told, *regular]


class TamperPairs:
    """`{tamper}-before`, the last picture on which nothing was amiss, and `{tamper}-after`, that on which it begins.

    After a restart under a tamper there is no before: what was seen last may be the tamper itself.
    """

    def __init__(self) -> None:
        self._untouched: Still | None = None
        self._held: frozenset[Tamper] = frozenset()

    def see(self, still: Still, sight: Sight) -> list[Occasion]:
        begun, self._held = sight.holding - self._held, sight.holding
        if not sight.holding | sight.pending:
            self._untouched = still
        occasions = []
        for tamper in sorted(begun):
            if self._untouched is not None:
                occasions.append(Occasion(self._untouched, f"{tamper}-before"))
            occasions.append(Occasion(still, f"{tamper}-after"))
        return occasions


class AlertPairs:
    """`alert-before`, the last picture up to the call, and `alert-after`, the first when `wait` has passed since.

    A call in that time joins the pair under way.
    """

    def __init__(self, wait: timedelta) -> None:
        self._wait = wait
        # Filled by another thread: a newer call takes the older's place.
        self._called: deque[datetime] = deque(maxlen=1)
        self._last: Still | None = None
        self._under_way: datetime | None = None

    def call(self, at: datetime) -> None:
        self._called.append(at)

    def see(self, still: Still) -> list[Occasion]:
        occasions = [*self._before(still), *self._after(still)]
        self._last = still
        return occasions

    def _before(self, still: Still) -> list[Occasion]:
        if not self._called or self._called[0] - SET_BACK <= still.captured_at <= self._called[0]:
            return []
        at = self._called.popleft()
        if self._under_way is not None:
            return []
        self._under_way = at
        return [] if self._last is None else [Occasion(self._last, "alert-before")]

    def _after(self, still: Still) -> list[Occasion]:
        at = self._under_way
        if at is None or at - SET_BACK <= still.captured_at < at + self._wait:
            return []
        self._under_way = None
        return [Occasion(still, "alert-after")]


class Changes:
    """`change`: enough of the picture moved, and the last such picture is long enough ago."""

    def __init__(self, settings: KeepSettings) -> None:
        self._ratio = settings.change_ratio
        self._pause = timedelta(seconds=settings.change_seconds)
        self._kept_at: datetime | None = None

    def see(self, still: Still, sight: Sight) -> list[Occasion]:
        if self._ratio == "never" or sight.motion_ratio < self._ratio or self._pausing(still.captured_at):
            return []
        self._kept_at = still.captured_at
        return [Occasion(still, "change")]

    def _pausing(self, moment: datetime) -> bool:
        # Either way: a clock set back ends the pause rather than making it last until the clock has caught up.
        return self._kept_at is not None and abs(moment - self._kept_at) < self._pause


class Regular:
    """`regular`: the first picture in each slot of the clock, so that no restart shifts them.

    But for the slot in which the process starts: one that starts again and again would else keep a picture each time.
    """

    def __init__(self, settings: KeepSettings) -> None:
        self._minutes = settings.every_minutes
        self._slot: int | None = None

    def see(self, still: Still) -> list[Occasion]:
        if self._minutes == "never":
            return []
        former, self._slot = self._slot, int(still.captured_at.timestamp() // (60 * self._minutes))
        return [] if former in {None, self._slot} else [Occasion(still, "regular")]
