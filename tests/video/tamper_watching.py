"""A camera of the scenery, watched: a picture every 2 s, measured and judged."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from devices.tamper import Tamper
from simulators.scenery.day import CameraDay
from simulators.scenery.film import UNHARMED
from simulators.scenery.lens import Lens, Mishap
from video.frame import Picture
from video.measure import measure
from video.tamper.settings import TamperSettings
from video.tamper.state import TamperState
from video.tamper.watch import TamperWatch, Verdict

INTERVAL = timedelta(seconds=2)
MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
NOON, NIGHT = 12 * 3600.0, 22 * 3600.0
LEARNED = 80.0  # seconds: more than it takes to know what is normal
MISHAPS = {
    Tamper.DARK: Lens.BLACK,
    Tamper.OVEREXPOSED: Lens.WHITE,
    Tamper.COVERED: Lens.COVERED,
    Tamper.SPRAYED: Lens.SPRAYED,
    Tamper.DEFOCUSED: Lens.DEFOCUSED,
    Tamper.MOVED: Lens.TURNED,
    Tamper.SIGNAL_LOST: Lens.NO_SIGNAL,
}


class Watching:
    """The camera of a seed from a second of its day on. `second` is the next picture's."""

    def __init__(
        self,
        *,
        seed: int = 0,
        second: float = NOON,
        settings: TamperSettings | None = None,
        state: TamperState | None = None,
    ) -> None:
        self.day = CameraDay(seed=seed, width=320, height=180)
        self.second = second
        self.watch = TamperWatch(settings or TamperSettings(), interval=INTERVAL, state=state)

    def see(self, seconds: float, mishap: Mishap = UNHARMED) -> list[Verdict]:
        """What is told while the camera is so for `seconds`."""
        return self.see_each(seconds, lambda second: self.day.picture(second, mishap))

    def see_each(self, seconds: float, picture: Callable[[float], Picture]) -> list[Verdict]:
        """Likewise for pictures of one's own, by the second of the day."""
        return [self.judge(picture(self.second)) for _ in range(round(seconds / INTERVAL.total_seconds()))]

    def judge(self, picture: Picture) -> Verdict:
        verdict = self.watch.judge(measure(picture), MIDNIGHT + timedelta(seconds=self.second))
        self.second += INTERVAL.total_seconds()
        return verdict


def begun(verdicts: Iterable[Verdict]) -> list[Tamper]:
    return [kind for verdict in verdicts for kind in verdict.begun]


def ended(verdicts: Iterable[Verdict]) -> list[Tamper]:
    return [kind for verdict in verdicts for kind in verdict.ended]
