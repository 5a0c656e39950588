"""Pure: a run of pictures that are all alike."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from video.measure import Measures
from video.tamper.blocks import Field, block_mean, within_rims

QUARTER = 0.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """The picture that began it. Later ones are held against this first one: a slow change ends a run, too."""

    grey: Field
    digest: bytes

    @classmethod
    def begun_by(cls, measures: Measures) -> Self:
        return cls(grey=within_rims(measures.grey), digest=measures.digest)

    def stir(self, measures: Measures) -> float:
        """How much a picture differs from it, in levels: of a quarter of the blocks the mean difference is less.

        Traffic and a clock that is burnt in count for nothing. Neither does an encoder that, for the sake of the clock,
        codes the same picture a little differently: it leaves some blocks alone, a living sensor's grain leaves none.
        """
        difference = np.asarray(cv2.absdiff(self.grey, within_rims(measures.grey)), np.float32)
        return float(np.quantile(block_mean(difference), QUARTER))
