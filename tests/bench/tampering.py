"""What the tamper states get right: labelled sequences of the scenery, clean days, and what a frame costs.

Every picture goes through H.264 first (`through_h264.py`). The limits in `video.tamper.conditions` were chosen on
cameras of seeds below 1000; these are others. A sequence is 80 s clean, the fault for its hold and 10 s, and 20 s
clean again. Right is the kind that began during the fault and ended after it. Wrong is every other kind that began, and
each that began while all was well.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count, islice
from multiprocessing import get_context

import cv2

from devices.tamper import Tamper
from simulators.scenery.clock import burn_in
from simulators.scenery.day import CameraDay
from simulators.scenery.lens import FLAT_COLOURS, Lens, Mishap
from tests.bench.figures import Figure, figure
from tests.bench.through_h264 import ThroughH264
from tests.video.tamper_watching import MISHAPS
from video.frame import Picture
from video.measure import measure
from video.motion import Motion
from video.tamper.settings import TamperSettings
from video.tamper.watch import TamperWatch, Verdict

WIDTH, HEIGHT = 320, 180
STEP = 2
WARM, MARGIN, CLEAN = 80, 10, 20  # seconds
FIRST_SEED = 3000
SEEDS = 6  # of each kind in each light
DAYS = (2000, 2001, 2002, 2003)
HOUR = 3600
DAY_SECONDS = 24 * HOUR
SETTINGS = TamperSettings()
MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
FRAMES_TIMED = 40
HEAVY = 0.3  # of the heaviest rain

# The lens of a camera that is frozen is clear.
LENSES = {**MISHAPS, Tamper.FROZEN: Lens.CLEAR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One sequence: the camera of a seed, from a second of its day on. The seed chooses the fault's variant, too."""

    kind: Tamper
    seed: int
    second: float

    @property
    def expected(self) -> Tamper:
        """A screen that is black for want of a signal looks like a capped lens and is called so."""
        black = self.kind is Tamper.SIGNAL_LOST and max(FLAT_COLOURS[self.seed % len(FLAT_COLOURS)]) == 0
        return Tamper.DARK if black else self.kind

    @property
    def fault_seconds(self) -> float:
        return SETTINGS.of(self.expected).begin_seconds + MARGIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    expected: Tamper
    right: bool
    wrong: tuple[Tamper, ...]


def figures(runs: int) -> list[Figure]:
    cv2.setNumThreads(1)  # before the processes fork: threads of OpenCV's would not come along
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as pool:
        alarms = pool.map(false_alarms, DAYS)
        outcomes = list(pool.map(outcome, cases(), chunksize=4))
        alarms_per_day = [float(number) for number in alarms]
    cost = figure("tampering: measures, motion and verdict", "ms/frame 720p", _costs(runs), most=8)
    mean = figure("tampering: false alarms, mean", "1/camera-day", [statistics.mean(alarms_per_day)], most=1)
    worst = figure("tampering: false alarms, each clean camera-day", "1/camera-day", alarms_per_day)
    return [*(row for kind in Tamper for row in _scores(kind, outcomes)), mean, worst, cost]


def cases() -> list[Case]:
    """Every kind in every light, each on cameras and with variants of its own."""
    return [
        Case(kind=kind, seed=seed, second=second)
        for second_of in LIGHTS.values()
        for number, kind in enumerate(Tamper)
        for seed, second in islice(_cameras(second_of, FIRST_SEED + 100 * number), SEEDS)
    ]


def outcome(case: Case) -> Outcome:
    verdicts = list(_watched(case.seed, case.second, WARM + case.fault_seconds + CLEAN, lambda at: _picture(case, at)))
    first, last = WARM // STEP, int(WARM + case.fault_seconds) // STEP
    begun = [(index, kind) for index, verdict in enumerate(verdicts) for kind in verdict.begun]
    right = [kind for index, kind in begun if kind is case.expected and first <= index < last]
    cleared = not verdicts[-1].holding
    wrong = [kind for index, kind in begun if kind is not case.expected or not first <= index < last]
    return Outcome(expected=case.expected, right=bool(right) and cleared, wrong=tuple(wrong))


def false_alarms(seed: int) -> int:
    """Of a whole day on which nothing is wrong."""
    day = _day(seed)
    return sum(len(verdict.begun) for verdict in _watched(seed, 0, DAY_SECONDS, day.picture))


def _watched(seed: int, since: float, seconds: float, picture: Callable[[float], Picture]) -> Iterator[Verdict]:
    codec = ThroughH264(WIDTH, HEIGHT)
    watch = TamperWatch(SETTINGS, interval=timedelta(seconds=STEP))
    for index in range(int(seconds) // STEP):
        second = since + index * STEP
        yield watch.judge(measure(codec(picture(second))), MIDNIGHT + timedelta(seconds=second))


def _picture(case: Case, second: float) -> Picture:
    day = _day(case.seed)
    begin = case.second + WARM
    if not begin <= second < begin + case.fault_seconds:
        return day.picture(second)
    if case.kind is Tamper.FROZEN:
        return _frozen(day, begin, second, clock_runs=case.seed % 2 == 1)
    return day.picture(second, Mishap(lens=LENSES[case.kind], seed=case.seed))


def _frozen(day: CameraDay, since: float, second: float, *, clock_runs: bool) -> Picture:
    """The sensor's last picture again and again, encoded anew; every other camera writes its running clock over it."""
    still = day.picture(since)
    if clock_runs:
        burn_in(still, day.moment(second).stamp)
    return still


def _cameras(second_of: Callable[[CameraDay], float | None], first_seed: int) -> Iterator[tuple[int, float]]:
    for seed in count(first_seed):
        second = second_of(_day(seed))
        if second is not None:
            yield seed, second


def _rain(day: CameraDay) -> float | None:
    """When a shower has been falling for some minutes."""
    seconds = range(0, DAY_SECONDS - HOUR, 300)
    return next((float(second) for second in seconds if day.moment(second).rain > HEAVY), None)


# When a camera is in that light; None for one that never is.
LIGHTS: dict[str, Callable[[CameraDay], float | None]] = {
    "day": lambda _: 11.0 * HOUR,
    "dusk": lambda _: 18.0 * HOUR,
    "night": lambda day: None if day.sees_infrared(21 * HOUR) else 21.0 * HOUR,
    "infrared": lambda day: 21.0 * HOUR if day.sees_infrared(21 * HOUR) else None,
    "rain": _rain,
}


@lru_cache(maxsize=4)
def _day(seed: int) -> CameraDay:
    return CameraDay(seed=seed, width=WIDTH, height=HEIGHT)


def _scores(kind: Tamper, outcomes: Sequence[Outcome]) -> list[Figure]:
    expected = [found for found in outcomes if found.expected is kind]
    right = sum(found.right for found in expected)
    wrong = sum(found.wrong.count(kind) for found in outcomes)
    name = f"tampering: {kind}, {len(expected)} sequences"
    return [
        figure(f"{name}: recall", "ratio", [right / len(expected)], least=0.95),
        figure(f"{name}: precision", "ratio", [right / max(1, right + wrong)], least=0.95),
    ]


def _costs(runs: int) -> list[float]:
    """CPU of one frame as a camera's thread spends it, the decoded picture given: the median of each run, in ms."""
    day, codec = CameraDay(seed=FIRST_SEED, width=1280, height=720), ThroughH264(1280, 720)
    pictures = [codec(day.picture(12 * HOUR + index * STEP)) for index in range(FRAMES_TIMED)]
    return [statistics.median(islice(_milliseconds(pictures), WARM // STEP, None)) for _ in range(runs)]


def _milliseconds(pictures: Sequence[Picture]) -> Iterator[float]:
    """Twice through the pictures: the first time is for learning."""
    motion, watch = Motion(), TamperWatch(SETTINGS, interval=timedelta(seconds=STEP))
    for index, picture in enumerate([*pictures, *pictures]):
        began = time.thread_time()
        measures = measure(picture)
        motion.judge(measures.grey)
        watch.judge(measures, MIDNIGHT + timedelta(seconds=index * STEP))
        yield 1_000 * (time.thread_time() - began)
