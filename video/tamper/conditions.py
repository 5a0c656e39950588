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
FLAT = 0.02  # contrast
WHITE = 0.8
LEAST_STRUCTURE = 0.08  # of the blocks: a view with less is a fog or a wall, in which nothing can be missed


def dark(evidence: Evidence) -> float:
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


def covered(likeness: Likeness) -> float:
    """Hardly an edge is left, and nowhere in the view one that should be there."""
    return min(_above(likeness.dull_ratio, 0.6), _below(likeness.glimpse, 0.3))


def frozen(evidence: Evidence) -> float:
    """The same picture again, though the stream runs.

    Nothing at all differs, in a picture that shows something: a night that an encoder has made all black is always the
    same. Or much less differs than the sensor's grain lets differ by itself, in a picture that is as ever: paint has no
    grain either.
    """
    if evidence.identical:
        return _above(evidence.measures.contrast_ratio, FLAT)
    usual = evidence.usual
    if usual is None or evidence.stir is None or not usual.traits.stir:
        return 0.0
    return min(_below(evidence.stir, usual.traits.stir * 0.4), _below(usual.likeness.dull_ratio, 0.15))


def moved(likeness: Likeness) -> float:
    """Elsewhere: by a shift that is found, or by so much that nothing fits, or that only like things meet like."""
    return max(_shifted(likeness), _strange(likeness), _alike(likeness))


def defocused(likeness: Likeness) -> float:
    """Everything is where it should be, without its fine edges."""
    return min(_below(likeness.detail, 0.5), _above(likeness.recognised_ratio, 0.45), _above(_in_place(likeness), 0.88))


def sprayed(likeness: Likeness) -> float:
    """A good part of the view is dull and gone, measured by what is still as it should be: no car that drove away."""
    beside_the_rest = _above(likeness.dull_ratio / max(likeness.intact_ratio, 0.01), 0.68)
    return max(_above(likeness.dull_ratio, 0.3), min(_above(likeness.dull_ratio, 0.16), beside_the_rest))


def compared(condition: Callable[[Likeness], float]) -> Condition:
    """A condition that can only be told beside what is usual, and only where that shows anything."""

    def told(evidence: Evidence) -> float | None:
        if evidence.usual is None or not _telling(evidence.usual):
            return None
        return condition(evidence.usual.likeness)

    return told


# In order: each explains all that come after it. A covered camera is also blurred, and what it saw is no more in place.
CONDITIONS: Final[Mapping[Tamper, Condition]] = {
    Tamper.SIGNAL_LOST: signal_lost,
    Tamper.DARK: dark,
    Tamper.OVEREXPOSED: overexposed,
    Tamper.COVERED: compared(covered),
    Tamper.FROZEN: frozen,
    Tamper.MOVED: compared(moved),
    Tamper.DEFOCUSED: compared(defocused),
    Tamper.SPRAYED: compared(sprayed),
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
    muddled = _below(_in_place(likeness), 0.83)
    return min(_above(likeness.recognised_ratio, 0.4), muddled, _below(likeness.detail, 0.3))


def _in_place(likeness: Likeness) -> float:
    """Whether what is recognised is just so, or nearly all over: under a blur it is, a neighbour's window is not."""
    intact = likeness.intact_ratio / max(likeness.recognised_ratio, 0.01)
    return max(_above(intact, 0.5), _above(likeness.agreement, 0.78))


def _telling(usual: Usual) -> bool:
    return usual.likeness.structured_ratio >= LEAST_STRUCTURE


def _above(value: float, limit: float) -> float:
    return max(0.0, value / limit)


def _below(value: float, limit: float) -> float:
    """At most 10, whatever the value; 0 for a limit of 0, below which nothing is."""
    return limit / max(value, limit / 10, 1e-9)
