"""Trees: a trunk, and a crown of leaves that moves in the wind."""

from dataclasses import dataclass

import cv2
import numpy as np

from simulators.scenery.blend import blended, overlap
from simulators.scenery.field import Field, halo, rough
from simulators.scenery.picture import Picture
from simulators.scenery.plan import Tree
from simulators.scenery.window import Window

SWING = 0.1  # of its radius: how far a crown moves in a strong wind
TRUNK = (45, 60, 75)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crown:
    """A tree's crown as a picture with the share of each pixel that leaves hide."""

    tree: Tree
    leaves: Picture
    share: Field

    def draw(self, picture: Picture, window: Window, road: float, sway: float) -> None:
        """Sway is -1 to 1."""
        shift = sway * SWING * self.tree.radius * window.height
        x, y = window.x(self.tree.x), window.y(self.tree.crown)
        thick = max(1, round(self.tree.radius * window.height * 0.16))
        cv2.line(picture, (x, window.y(road + 0.02)), (round(x + shift), y), TRUNK, thick)
        self._lay(picture, round(x + shift), y)

    def _lay(self, picture: Picture, x: int, y: int) -> None:
        rows, columns = self.share.shape
        left, top = x - columns // 2, y - rows // 2
        under, leaves = overlap(picture, self.leaves, left, top)
        _, share = overlap(picture, self.share, left, top)
        if under.size:
            under[:] = blended(under, leaves, share)


def crown(tree: Tree, view_height: int) -> Crown:
    rng = np.random.default_rng(tree.seed)
    side = max(8, round(2.6 * tree.radius * view_height))
    size = (side, side)
    tufts = rough(rng, size, 5, octaves=3)
    outline = halo(size, (0.5, 0.5), 0.3) * 2 - 0.75 + tufts * 0.18
    leaves = np.clip(np.array(tree.colour) * (1 + 0.28 * tufts[..., None]), 0, 255)
    return Crown(tree=tree, leaves=leaves.astype(np.uint8), share=np.clip(outline * 4, 0, 1).astype(np.float32))
