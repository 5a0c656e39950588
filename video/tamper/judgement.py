"""Pure: which normal a picture is to be judged by, and the judgement."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from devices.tamper import Tamper
from video.tamper.diagnosis import Diagnosis, diagnose
from video.tamper.evidence import Evidence
from video.tamper.holds import holding
from video.tamper.look import Look
from video.tamper.normal import Normal, colourless
from video.tamper.state import TamperState

# An hour's normal of another brightness belongs to another light, and proves nothing about this picture.
SAME_LIGHT = 0.15
# After so long without a good picture the light may be any other; what is recognised in it is then taken as it is.
STALE = timedelta(minutes=15)
RECOGNISED, DETAILED = 0.4, 0.5
# These are differences from a normal, so that another normal ends them; the other kinds are blindness.
DIFFERENCES = frozenset({Tamper.MOVED, Tamper.DEFOCUSED, Tamper.SPRAYED})


def judged(look: Look, state: TamperState, at: datetime) -> tuple[Diagnosis, TamperState]:
    """What is wrong by every normal that fits, and the state with the normal that this picture is now held against.

    The last good minute comes first, then this hour of other days. When neither fits, but the light is one never seen
    here before and the view in it still the same, a new normal is begun.
    """
    held = holding(state.holds)
    recent = state.recent if state.recent and state.recent.usable else None
    evidence = look.beside(recent)
    diagnosis = diagnose(evidence, held)
    if recent and diagnosis.seen is None:
        return diagnosis, state
    by_hour = _of_this_hour(look, state, at)
    if by_hour:
        other = diagnose(look.beside(by_hour), held)
        if other.seen is None or not recent:
            return other, replace(state, recent=by_hour) if other.seen is None else state
    if diagnosis.seen in DIFFERENCES and not held & DIFFERENCES and _relit(evidence, state, at):
        return replace(diagnosis, seen=None), replace(state, recent=None)
    return diagnosis, state


def _of_this_hour(look: Look, state: TamperState, at: datetime) -> Normal | None:
    """The normal of this UTC hour, or the one before or after, whose light comes nearest."""
    hour = at.astimezone(UTC).hour
    known = [state.hours[near % 24] for near in (hour, hour - 1, hour + 1) if near % 24 in state.hours]
    measures = look.measures

    def distance(brightness_ratio: float) -> float:
        return abs(brightness_ratio - measures.brightness_ratio)

    fitting = [
        remembered
        for remembered in known
        if remembered.traits.colourless == colourless(measures.colour_ratio)
        and distance(remembered.traits.brightness_ratio) <= SAME_LIGHT
    ]
    if not fitting:
        return None
    return min(fitting, key=lambda remembered: distance(remembered.traits.brightness_ratio)).recalled()


def _relit(evidence: Evidence, state: TamperState, at: datetime) -> bool:
    """The infrared lamp was switched on or off, or nobody watched while the light changed; and it is the same view."""
    usual = evidence.usual
    if usual is None:
        return False
    switched = usual.traits.colourless != colourless(evidence.measures.colour_ratio)
    stale = state.learned_at is None or at - state.learned_at >= STALE
    same = usual.likeness.recognised_ratio >= RECOGNISED and usual.likeness.detail >= DETAILED
    return same and (switched or stale)
