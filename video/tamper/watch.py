"""Pure: one camera's pictures judged one after the other."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from devices.tamper import Tamper
from video.measure import Measures
from video.tamper import holds
from video.tamper.judgement import judged
from video.tamper.learning import adopted, learned
from video.tamper.look import Look
from video.tamper.run import Run
from video.tamper.settings import TamperSettings
from video.tamper.state import TamperState
from video.tamper.view import View

# A picture stands for so many intervals at most: what lies between two pictures further apart was not watched.
MOST_INTERVALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`holding`: what is wrong, at most one kind; `pending`: seen, not yet for long enough. The rest: what changed."""

    holding: frozenset[Tamper]
    pending: frozenset[Tamper]
    begun: frozenset[Tamper]
    ended: frozenset[Tamper]


class TamperWatch:
    """Tells of one camera whether its picture can be trusted.

    It learns what is normal from the pictures themselves: the last good minute, and the like for each hour of the day.
    Nothing is learned while anything is seen. `interval` is the usual distance of two pictures. A kind that is switched
    off is counted, because it explains others, but never told.
    """

    def __init__(self, settings: TamperSettings, *, interval: timedelta, state: TamperState | None = None) -> None:
        self._settings = settings
        self._longest = MOST_INTERVALS * interval
        self._state = state or TamperState()
        self._run: Run | None = None
        self._at: datetime | None = None

    @property
    def state(self) -> TamperState:
        """To be kept, and handed to the watch that goes on."""
        return self._state

    def judge(self, measures: Measures, at: datetime) -> Verdict:
        """Judge the picture captured `at`, aware. One that is not newer than the last changes nothing."""
        before = self._told(holds.holding(self._state.holds))
        seconds = self._watched(at)
        if seconds > 0:
            self._judge(self._look(measures), at, seconds)
        elif self._run is None:
            self._run = Run.begun_by(measures)
        after = self._told(holds.holding(self._state.holds))
        pending = self._told(holds.pending(self._state.holds))
        return Verdict(holding=after, pending=pending, begun=after - before, ended=before - after)

    def _judge(self, look: Look, at: datetime, seconds: float) -> None:
        diagnosis, state = judged(look, self._state, at)
        state = replace(state, holds=holds.step(state.holds, diagnosis, seconds, self._settings))
        state = adopted(state, self._settings)
        self._state = state if diagnosis.seen or state.holds else learned(state, look, at, seconds)
        if self._run is None or diagnosis.seen is not Tamper.FROZEN:
            self._run = Run.begun_by(look.measures)

    def _watched(self, at: datetime) -> float:
        """Seconds that the picture stands for: none for the first, none backwards. A gap ends a run of alikes."""
        passed = at - self._at if self._at else timedelta(0)
        self._at = at
        if not timedelta(0) <= passed <= self._longest:
            self._run = None
        return max(0.0, min(passed, self._longest).total_seconds())

    def _look(self, measures: Measures) -> Look:
        run, view = self._run, View.of(measures.grey)
        identical = run is not None and run.digest == measures.digest
        stir = run.stir(measures) if run else None
        return Look(measures=measures, view=view, stir=stir, identical=identical)

    def _told(self, kinds: frozenset[Tamper]) -> frozenset[Tamper]:
        return frozenset(kind for kind in kinds if self._settings.of(kind).enabled)
