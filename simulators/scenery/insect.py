"""A spider on the camera's own lamp: near, out of focus and bright."""

import cv2
import numpy as np

from simulators.scenery.picture import Picture, size_of

COARSE = 8  # it is so blurred that an eighth of the pixels shows all of it
LEGS = 8


def creep(picture: Picture, way: float) -> None:
    """The spider after `way` (0 to 1) of its path over the lens, in place."""
    width, height = size_of(picture)
    small = np.zeros((max(2, height // COARSE), max(2, width // COARSE)), np.uint8)
    rows, columns = small.shape
    x, y = round(columns * (0.1 + 0.8 * way)), round(rows * (0.55 + 0.3 * np.sin(9 * way)))
    reach = columns * 0.14
    cv2.circle(small, (x, y), max(1, round(reach * 0.35)), 200, cv2.FILLED)
    for leg in range(LEGS):
        angle = 2 * np.pi * leg / LEGS + 0.3 * np.sin(40 * way + leg)
        tip = round(x + reach * np.cos(angle)), round(y + reach * np.sin(angle))
        cv2.line(small, (x, y), tip, 150, max(1, columns // 40))
    blurred = cv2.resize(cv2.GaussianBlur(small, (0, 0), max(0.5, columns / 60)), (width, height))
    cv2.add(picture, cv2.cvtColor(blurred, cv2.COLOR_GRAY2BGR), dst=picture)
