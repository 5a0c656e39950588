"""The time that a camera burns into its picture."""

import cv2

from simulators.scenery.picture import Picture

LETTERS = 480  # a picture of so many rows has letters of OpenCV's size 1


def burn_in(picture: Picture, text: str) -> None:
    """White with a black rim, at the top left, in place."""
    scale = picture.shape[0] / LETTERS
    baseline = (int(12 * scale), int(30 * scale))
    for colour, thickness in (((0, 0, 0), 4), ((255, 255, 255), 1)):
        cv2.putText(picture, text, baseline, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thickness)
