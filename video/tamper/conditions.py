"""Pure: what each kind of tampering looks like.

A condition answers how strongly the evidence speaks for its kind: 1 is just enough, 0 nothing at all; None says that
this picture, or what is known of the camera, cannot tell. The limits lie between what the scenery of the simulators
gives with and without tampering, through H.264; `make bench` counts what they get right.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from devices.tamper import Tamper
from video.tamper.evidence import Evidence, Usual
from video.tamper.likeness import Likeness

Condition: TypeAlias = Callable[[Evidence], float | None]

BLACK = 0.05  # of the brightness; a cap with a trace of light, and a white clock burnt in, stay below
PLAIN = 0.08  # the contrast of a white clock on black
WHITE = 0.8
LEAST_STRUCTURE = 0.08  # of the blocks: a view with less is a fog or a wall, in which nothing can be missed


def dark(evidence: Evidence) -> float | None:
    """Next to no light, and nothing left of what this light should show. A night that fades in slowly is normal."""
    measures, usual = evidence.measures, evidence.usual
    if usual is None:
        return min(_below(measures.brightness_ratio, BLACK), _below(measures.contrast_ratio, PLAIN))
    lost = _above(usual.likeness.dull_ratio, 0.8) if _telling(usual) else 0.0
    dimmed = _below(measures.brightness_ratio, usual.traits.brightness_ratio / 2)
    return min(_below(measures.brightness_ratio, BLACK), max(lost, dimmed))


def overexposed(evidence: Evidence) -> float:
    """Much more than usual of the picture is so bright that it shows nothing."""
    measures, usual = evidence.measures, evidence.usual
    blank = measures.clipped_ratio - (usual.traits.clipped_ratio if usual else 0.0)
    return min(_above(blank, 0.4), _above(measures.brightness_ratio, WHITE))


def signal_lost(evidence: Evidence) -> float:
    """One digital colour all over, without the shades that any real surface has. Black is `dark`, white overexposed."""
    measures = evidence.measures
    light = min(_above(measures.brightness_ratio, BLACK), _below(measures.clipped_ratio, 0.5))
    return min(_above(measures.solid_ratio, 0.85), light)


def covered(evidence: Evidence) -> float | None:
    """Hardly an edge is left, and nowhere in the view one that should be there."""
    if evidence.usual is None or not _telling(evidence.usual):
        return None
    likeness = evidence.usual.likeness
    return min(_above(likeness.dull_ratio, 0.6), _below(likeness.glimpse, 0.22))


def frozen(evidence: Evidence) -> float:
    """The same picture again, though the stream runs.

    Nothing at all differs; or much less than the sensor's grain lets differ by itself, in a picture that is as ever:
    paint has no grain either.
    """
    if evidence.identical:
        return 2.0
    usual = evidence.usual
    if usual is None or evidence.stir is None or not usual.traits.stir:
        return 0.0
    return min(_below(evidence.stir, usual.traits.stir * 0.4), _below(usual.likeness.dull_ratio, 0.15))


def moved(evidence: Evidence) -> float | None:
    """Elsewhere: by a shift that is found, or by so much that nothing fits, or that only like things meet like."""
    if evidence.usual is None or not _telling(evidence.usual):
        return None
    likeness = evidence.usual.likeness
    return max(_shifted(likeness), _strange(likeness), _alike(likeness))


def defocused(evidence: Evidence) -> float | None:
    """Everything is where it should be, without its fine edges."""
    if evidence.usual is None or not _telling(evidence.usual):
        return None
    likeness = evidence.usual.likeness
    return min(_below(likeness.detail, 0.5), _above(likeness.recognised_ratio, 0.45), _in_place(likeness))


def sprayed(evidence: Evidence) -> float | None:
    """A part of the view is dull and gone; between, it is where and as it should be."""
    if evidence.usual is None or not _telling(evidence.usual):
        return None
    likeness = evidence.usual.likeness
    return min(_above(likeness.dull_ratio, 0.16), _below(likeness.intact_ratio, 0.6))


# In order: each explains all that come after it. A covered camera is also blurred, and what it saw is no more in place.
CONDITIONS: Final[Mapping[Tamper, Condition]] = {
    Tamper.SIGNAL_LOST: signal_lost,
    Tamper.DARK: dark,
    Tamper.OVEREXPOSED: overexposed,
    Tamper.COVERED: covered,
    Tamper.FROZEN: frozen,
    Tamper.MOVED: moved,
    Tamper.DEFOCUSED: defocused,
    Tamper.SPRAYED: sprayed,
}


def _shifted(likeness: Likeness) -> float:
    right, down = likeness.shift
    return min(_above((right**2 + down**2) ** 0.5, 0.01), _above(likeness.agreement, 0.5))


def _strange(likeness: Likeness) -> float:
    return min(
        _below(likeness.recognised_ratio, 0.35), _below(likeness.intact_ratio, 0.12), _below(likeness.dull_ratio, 0.43)
    )


def _alike(likeness: Likeness) -> float:
    """A row of windows beside where a row of windows was: recognised, after a fashion, and never just so."""
    muddled = 1 / max(_in_place(likeness), 0.1)
    return min(_above(likeness.recognised_ratio, 0.4), muddled, _below(likeness.detail, 0.3))


def _in_place(likeness: Likeness) -> float:
    """Whether what is recognised is just so, or nearly all over: under a blur it is, a neighbour's window is not."""
    intact = likeness.intact_ratio / max(likeness.recognised_ratio, 0.01)
    return max(_above(intact, 0.5), _above(likeness.agreement, 0.72))


def _telling(usual: Usual) -> bool:
    return usual.likeness.structured_ratio >= LEAST_STRUCTURE


def _above(value: float, limit: float) -> float:
    return max(0.0, value / limit)


def _below(value: float, limit: float) -> float:
    return limit / max(value, limit / 10)
