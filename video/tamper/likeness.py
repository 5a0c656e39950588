"""Pure: how a view is like the one it should be: what has shifted, what is gone, what is only blurred."""

from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from video.measure import WIDTH
from video.tamper.blocks import EVERYWHERE, VIEW_HEIGHT, Blocks, Field, Grid, block_mean, share
from video.tamper.view import View

WINDOW: Final = np.asarray(cv2.createHanningWindow((WIDTH, VIEW_HEIGHT), cv2.CV_32F), np.float32)
STRUCTURE = 6.0  # a block whose coarse edges vary less than this, in levels squared, shows nothing to look for
DETAIL = 1.0  # likewise its fine edges
RECOGNISED = 0.5  # a block whose coarse edges correlate as much may be the block it was
INTACT = 0.8  # and one with this correlation is
DULL = 0.2  # of the edges' variance that a block should have: less is no edge
MEDIAN, BEST = 0.5, 0.98
IN_PLACE = 0.9  # of agreement, detail and the intact blocks: nothing is to be gained by looking for a shift
STEADY = 0.2  # points: a shift below it is none
FARTHEST = 200.0  # points: what is left in view after more is too little to tell by
WHOLE = 0.95  # of a block must be in view
NOTHING = 1e-6  # levels squared, to divide by


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likeness:
    """A view beside a reference.

    shift             how far the picture moved right and down, in view widths; zero unless that explains more
    structured_ratio  share of the reference's blocks that show anything and are still in view; the next three are
                      shares of these
    recognised_ratio  blocks that look as they should, roughly
    intact_ratio      blocks that look just as they should
    dull_ratio        blocks that have no edges left
    glimpse           share of the coarse edges that is left where most is left, in the best two or three blocks
    agreement         correlation of the coarse edges, block by block, -1 to 1: the median
    detail            share of the fine edges that is left where blocks are recognised, measured by the coarse ones, so
                      that a dimmer light leaves it as it is: 1 as ever, 0 wholly out of focus or nothing recognised
    """

    shift: tuple[float, float]
    structured_ratio: float
    recognised_ratio: float
    intact_ratio: float
    dull_ratio: float
    glimpse: float
    agreement: float
    detail: float


def compare(view: View, reference: View) -> Likeness:
    straight = _compare(view.fine, view.coarse, reference, EVERYWHERE)
    if min(straight.agreement, straight.detail, straight.intact_ratio) >= IN_PLACE:
        return straight
    (right, down), _ = cv2.phaseCorrelate(reference.outline(), view.outline(), WINDOW)
    if max(abs(right), abs(down)) < STEADY or abs(right) > FARTHEST or abs(down) > FARTHEST:
        return straight
    back = np.array([[1, 0, -right], [0, 1, -down]], np.float32)
    shifted = _compare(_warped(view.fine, back), _warped(view.coarse, back), reference, _kept(right, down))
    if shifted.agreement < max(RECOGNISED, straight.agreement):
        return straight
    return replace(shifted, shift=(right / WIDTH, down / WIDTH))


def _compare(fine: Field, coarse: Field, reference: View, seen: Blocks) -> Likeness:
    ours, theirs = block_mean(coarse**2), block_mean(reference.coarse**2)
    both = block_mean(coarse * reference.coarse)
    match, gain = both / np.sqrt(np.maximum(ours * theirs, NOTHING)), _gain(both, theirs)
    structured = seen & (theirs >= STRUCTURE)
    fine_theirs = block_mean(reference.fine**2)
    fine_gain = _gain(block_mean(fine * reference.fine), fine_theirs)
    detailed = structured & (match >= RECOGNISED) & (fine_theirs >= DETAIL)
    return Likeness(
        shift=(0.0, 0.0),
        structured_ratio=share(structured, EVERYWHERE),
        recognised_ratio=share(match >= RECOGNISED, structured),
        intact_ratio=share(match >= INTACT, structured),
        dull_ratio=share(ours < DULL * theirs, structured),
        glimpse=_quantile(gain[structured], BEST),
        agreement=_quantile(match[structured], MEDIAN),
        detail=_quantile((fine_gain / np.maximum(gain, NOTHING))[detailed], MEDIAN),
    )


def _gain(both: Grid, theirs: Grid) -> Grid:
    """How strongly the reference's edges stand in the view: what is not in the reference, grain or a car, adds nothing.

    That is the coefficient of a linear regression, block by block.
    """
    return np.asarray(both / np.maximum(theirs, NOTHING), np.float32)


def _kept(right: float, down: float) -> Blocks:
    """The blocks of the reference that are still whole in a view which has moved so many points."""
    x, y = (np.arange(WIDTH) + right, (np.arange(VIEW_HEIGHT) + down)[:, None])
    inside = (x >= 0) & (x <= WIDTH - 1) & (y >= 0) & (y <= VIEW_HEIGHT - 1)
    return block_mean(inside.astype(np.float32)) > WHOLE


def _warped(band: Field, matrix: NDArray[np.float32]) -> Field:
    return np.asarray(cv2.warpAffine(band, matrix, (WIDTH, VIEW_HEIGHT), flags=cv2.INTER_CUBIC), np.float32)


def _quantile(values: NDArray[np.floating[Any]], rank: float) -> float:
    return float(np.quantile(values, rank)) if values.size else 0.0
