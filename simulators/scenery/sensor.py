"""What the camera adds by itself: exposure, and grain that is another in every picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from simulators.nature.noise import key, unit
from simulators.scenery.picture import Picture, luma

ROAM = 96  # pixels: the grain is cut from a larger sheet, at one of ROAM squared places, flipped in one of four ways
SHEET_DEVIATION = 24
MIDDLE = 128
DENOISED = 0.7  # pixels: cameras blur their grain; white noise would cost an encoder several times the bits
COLOURED = 0.5  # of the grain is in the colours, the rest in the brightness
LEVELS = np.arange(256)


def exposed(picture: Picture, brightness: float) -> Picture:
    """The picture with a mean luma of `brightness`: blended with black or with white, so that nothing clips."""
    mean = luma(picture)
    if brightness <= mean:
        levels = LEVELS * (brightness / mean if mean else 0)
    else:
        levels = 255 - (255 - LEVELS) * ((1 - brightness) / (1 - mean))
    return np.asarray(cv2.LUT(picture, np.rint(levels).astype(np.uint8)), np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grain:
    """A sheet of noise about MIDDLE; `seed` is the camera's."""

    sheet: Picture
    seed: int

    def add(self, picture: Picture, deviation: float, tick: int) -> Picture:
        """`picture` with noise of that deviation, of 255; of another pattern for every tick."""
        rows, columns = picture.shape[:2]
        chance = key("grain", self.seed)
        left, top = (int(unit(chance, 3 * tick + part) * ROAM) for part in (0, 1))
        sheet = self.sheet[top : top + rows, left : left + columns]
        flip = int(unit(chance, 3 * tick + 2) * 4)
        if flip < 3:
            sheet = np.asarray(cv2.flip(sheet, flip - 1), np.uint8)
        gain = deviation / SHEET_DEVIATION
        return np.asarray(cv2.addWeighted(picture, 1, sheet, gain, -gain * MIDDLE), np.uint8)


def grain(seed: int, width: int, height: int) -> Grain:
    """White noise, blurred, and made as strong again: a bell divides its deviation by 2 sqrt(pi) times its own."""
    rng = np.random.default_rng([seed, 31])
    shape = (height + ROAM, width + ROAM)
    noise = rng.standard_normal((*shape, 1), np.float32) + COLOURED * rng.standard_normal((*shape, 3), np.float32)
    coarse = cv2.GaussianBlur(noise, (0, 0), DENOISED) * (2 * DENOISED * np.sqrt(np.pi))
    sheet = np.clip(coarse * SHEET_DEVIATION + MIDDLE, 0, 255).astype(np.uint8)
    return Grain(sheet=sheet, seed=seed)
