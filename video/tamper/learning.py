"""Pure: how a camera's normal follows its pictures, slowly, and only the good ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from video.tamper.holds import holding
from video.tamper.judgement import DIFFERENCES
from video.tamper.look import Look
from video.tamper.normal import Normal, Remembered
from video.tamper.settings import TamperSettings
from video.tamper.state import TamperState

REMEMBER_EVERY = timedelta(minutes=1)


def learned(state: TamperState, look: Look, at: datetime, seconds: float) -> TamperState:
    """With one more good picture, which stands for `seconds`."""
    recent = state.recent or Normal.first(look.measures, look.view)
    recent = recent.learned(look.measures, look.view, look.stir, seconds)
    after = replace(state, recent=recent, learned_at=at)
    return _remembered(after, recent, at) if recent.usable and _due(state, at) else after


def adopted(state: TamperState, settings: TamperSettings) -> TamperState:
    """A view that has differed for so long is the new normal, and all that was known of the old one is forgotten.

    At once where nobody wants to be told: a camera that is turned on purpose, all day.
    """
    for kind in holding(state.holds) & DIFFERENCES:
        lasting = timedelta(seconds=state.holds[kind].held_seconds)
        if not settings.of(kind).enabled or lasting >= timedelta(hours=settings.adopt_after_hours):
            return TamperState()
    return state


def _due(state: TamperState, at: datetime) -> bool:
    return state.remembered_at is None or not timedelta(0) <= at - state.remembered_at < REMEMBER_EVERY


def _remembered(state: TamperState, recent: Normal, at: datetime) -> TamperState:
    hour = at.astimezone(UTC).hour
    return replace(state, hours={**state.hours, hour: Remembered.of(recent)}, remembered_at=at)
