"""What moves through the street: cars, motorbikes, buses and people, drawn from a few shapes."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import sin, tau

import cv2
import numpy as np

from simulators.scenery.picture import Colour, Picture
from simulators.scenery.window import Window

DARK = (35, 32, 30)
GLASS = (110, 95, 80)
SKIN = (95, 125, 170)
NEAR = 0.4  # of the view's height
STRIDE = 0.55  # of a person's height, from one step of a foot to its next


class Figure(StrEnum):
    CAR = "car"
    MOTORBIKE = "motorbike"
    BUS = "bus"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """`x` is its middle in view widths, `ground` where it stands and `size` its height, both in view heights.

    `heading` is 1 to the right, -1 to the left.
    """

    figure: Figure
    x: float
    ground: float
    size: float
    heading: int
    colour: Colour

    @property
    def is_near(self) -> bool:
        """So high is only what stands right before the camera, and hides the street."""
        return self.size > NEAR

    @property
    def length(self) -> float:
        """From end to end, in view heights."""
        return LENGTHS[self.figure] * self.size


LENGTHS = {Figure.CAR: 2.7, Figure.MOTORBIKE: 1.1, Figure.BUS: 2.9, Figure.PERSON: 0.5}  # in heights of its own


def draw(picture: Picture, window: Window, actor: Actor) -> None:
    pen = Pen(
        picture=picture, x=window.x(actor.x), y=window.y(actor.ground), unit=actor.size * window.height, actor=actor
    )
    if pen.y - pen.unit < picture.shape[0] and abs(pen.x - picture.shape[1] / 2) < picture.shape[1] / 2 + 2 * pen.unit:
        DRAWINGS[actor.figure](pen)


def box(window: Window, actor: Actor) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a figure, in pixels of the view, none of them negative."""
    half = actor.length * window.height / 2
    x, top, bottom = window.x(actor.x), window.y(actor.ground - actor.size), window.y(actor.ground)
    return max(0, round(x - half)), max(0, top), max(0, round(x + half)), max(0, bottom)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """Draws in heights of the figure: ahead of its middle and above the ground."""

    picture: Picture
    x: int
    y: int
    unit: float
    actor: Actor

    def at(self, ahead: float, above: float) -> tuple[int, int]:
        return self.x + round(ahead * self.actor.heading * self.unit), self.y - round(above * self.unit)

    def box(self, behind: float, low: float, ahead: float, high: float, colour: Colour) -> None:
        cv2.rectangle(self.picture, self.at(behind, low), self.at(ahead, high), colour, cv2.FILLED)

    def shape(self, corners: list[tuple[float, float]], colour: Colour) -> None:
        cv2.fillPoly(self.picture, [np.array([self.at(*corner) for corner in corners])], colour)

    def disc(self, ahead: float, above: float, radius: float, colour: Colour) -> None:
        cv2.circle(self.picture, self.at(ahead, above), max(1, round(radius * self.unit)), colour, cv2.FILLED)

    def line(self, start: tuple[float, float], end: tuple[float, float], width: float, colour: Colour) -> None:
        cv2.line(self.picture, self.at(*start), self.at(*end), colour, max(1, round(width * self.unit)))


def _car(pen: Pen) -> None:
    pen.box(-1.3, 0.0, 1.3, 0.08, DARK)  # its shadow
    pen.box(-1.35, 0.15, 1.35, 0.58, pen.actor.colour)
    pen.shape([(-0.95, 0.55), (-0.7, 1.0), (0.45, 1.0), (0.85, 0.55)], pen.actor.colour)
    pen.shape([(-0.8, 0.58), (-0.62, 0.93), (-0.15, 0.93), (-0.15, 0.58)], GLASS)
    pen.shape([(-0.07, 0.58), (-0.07, 0.93), (0.4, 0.93), (0.7, 0.58)], GLASS)
    pen.line((-0.11, 0.18), (-0.11, 0.58), 0.02, DARK)
    for wheel in (-0.85, 0.85):
        pen.disc(wheel, 0.18, 0.2, DARK)
        pen.disc(wheel, 0.18, 0.09, (150, 150, 150))


def _motorbike(pen: Pen) -> None:
    for wheel in (-0.38, 0.38):
        pen.disc(wheel, 0.17, 0.17, DARK)
    pen.shape([(-0.5, 0.42), (0.3, 0.42), (0.4, 0.2), (-0.3, 0.2)], pen.actor.colour)
    pen.line((-0.1, 0.42), (-0.02, 0.8), 0.2, _opposite(pen.actor.colour))
    pen.disc(0.0, 0.9, 0.12, pen.actor.colour)


def _bus(pen: Pen) -> None:
    pen.box(-1.4, 0.0, 1.4, 0.06, DARK)
    pen.box(-1.45, 0.1, 1.45, 1.0, pen.actor.colour)
    pen.box(-1.45, 0.3, 1.45, 0.38, _opposite(pen.actor.colour))
    for left in np.arange(-1.35, 1.2, 0.34).tolist():
        pen.box(left, 0.52, left + 0.28, 0.88, GLASS)
    for wheel in (-0.95, 0.95):
        pen.disc(wheel, 0.14, 0.15, DARK)


def _person(pen: Pen) -> None:
    swing = 0.16 * sin(tau * pen.actor.x / (STRIDE * pen.actor.size))
    for foot in (swing, -swing):
        pen.line((0.0, 0.45), (foot, 0.0), 0.09, DARK)
    pen.box(-0.13, 0.42, 0.13, 0.82, pen.actor.colour)
    pen.disc(0.0, 0.91, 0.1, SKIN)


def _opposite(colour: Colour) -> Colour:
    blue, green, red = colour
    return 255 - blue, 255 - green, 255 - red


DRAWINGS: dict[Figure, Callable[[Pen], None]] = {
    Figure.CAR: _car,
    Figure.MOTORBIKE: _motorbike,
    Figure.BUS: _bus,
    Figure.PERSON: _person,
}
