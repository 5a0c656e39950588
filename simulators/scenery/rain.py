"""Rain: streaks and a veil in the air, drops on the lens, a road that mirrors."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from simulators.nature.noise import key, unit
from simulators.scenery.field import halo
from simulators.scenery.picture import Picture, luma, size_of

SHEET = 1.3  # views wide and high: the streaks are cut from it, each time at another place
STREAKS = 300  # in view
VEIL = 0.3  # of the contrast that a downpour takes
STREAK_LIGHT = 0.5
MIRROR = 0.3  # of the light that a soaked road throws back


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Water on the lens; place and radius in view widths."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rain:
    """A sheet of streaks; `seed` is the camera's."""

    sheet: Picture
    seed: int

    def fall(self, picture: Picture, rain: float, tick: int) -> Picture:
        """`rain` is 0 to 1; the streaks are others at every tick."""
        rows, columns = picture.shape[:2]
        down, across = self.sheet.shape[0] - rows, self.sheet.shape[1] - columns
        chances = key("rain", self.seed)
        left, top = int(unit(chances, 2 * tick) * (across + 1)), int(unit(chances, 2 * tick + 1) * (down + 1))
        streaks = self.sheet[top : top + rows, left : left + columns]
        light = luma(picture)
        veil, strength = VEIL * rain, rain * STREAK_LIGHT * (0.6 + light)
        return np.asarray(cv2.addWeighted(picture, 1 - veil, streaks, strength, veil * light * 255), np.uint8)


def streaks(seed: int, width: int, height: int) -> Rain:
    rng = np.random.default_rng([seed, 41])
    rows, columns = round(SHEET * height), round(SHEET * width)
    sheet = np.zeros((rows, columns), np.uint8)
    lean = rng.uniform(-0.2, 0.2)
    for _ in range(round(STREAKS * SHEET * SHEET)):
        x, y, length = rng.uniform(0, columns), rng.uniform(-0.1 * rows, rows), rng.uniform(0.03, 0.12) * height
        end = (round(x + lean * length), round(y + length))
        cv2.line(sheet, (round(x), round(y)), end, float(rng.uniform(60, 255)), max(1, width // 640))
    blurred = cv2.GaussianBlur(sheet, (0, 0), max(0.4, width / 1600))
    return Rain(sheet=np.asarray(cv2.cvtColor(blurred, cv2.COLOR_GRAY2BGR), np.uint8), seed=seed)


def mirror(picture: Picture, road: int, wet: float) -> None:
    """What stands above the row `road` shows upside down in the road, in place."""
    rows = min(road, picture.shape[0] - road)
    if rows <= 0 or road <= 0:
        return
    ground, above = picture[road : road + rows], picture[road - rows : road]
    reflected = cv2.blur(cv2.flip(above, 0), (1, max(1, picture.shape[0] // 24)))
    cv2.addWeighted(ground, 1 - MIRROR * wet, reflected, MIRROR * wet, 0, dst=ground)


def wet_lens(picture: Picture, drops: Iterable[Drop]) -> None:
    """Each drop blurs what is behind it, in place."""
    width, height = size_of(picture)
    for drop in drops:
        side = max(4, round(2 * drop.radius * width))
        left, top = round(drop.x * width) - side // 2, round(drop.y * width) - side // 2
        if min(left, top) >= 0 and left + side <= width and top + side <= height:
            _blur_patch(picture[top : top + side, left : left + side], side)


def _blur_patch(patch: Picture, side: int) -> None:
    share = np.clip(halo((side, side), (0.5, 0.5), 0.25) * 1.4, 0, 0.9)
    behind = np.ascontiguousarray(patch)
    blurred = cv2.blur(cv2.flip(behind, 0), (max(3, side // 2), max(3, side // 2)))
    patch[:] = cv2.blendLinear(np.asarray(blurred, np.uint8), behind, share, 1 - share)
