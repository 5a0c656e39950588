"""What a simulated camera looks at: a street with traffic, drawn from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""BGR, shape (height, width, 3)."""

LEVELS = np.arange(256)
GRAIN = 4  # of 255: a texture that key frames pay for in bytes
CARS = 6
CAR_WIDTH, CAR_HEIGHT = 0.12, 0.08  # of the picture's width and height
ROAD_TOP = 0.6  # of the picture's height: buildings above, road below


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A view and how it is filmed. Equal scenes look the same to the last pixel.

    `brightness` is the mean luma of the view, 0 black to 1 white; the clock on top changes it by less than 0.01.
    `seconds` is the length of the loop, `gop_seconds` the distance of its key frames. Raises ValueError for what cannot
    be filmed as a seamless loop.
    """

    brightness: float = 0.5
    seed: int = 0
    width: int = 640
    height: int = 360
    fps: int = 10
    gop_seconds: int = 1
    seconds: int = 4

    def __post_init__(self) -> None:
        if not 0 <= self.brightness <= 1:
            raise ValueError(f"brightness {self.brightness} is not between 0 and 1")
        if min(self.width, self.height, self.fps, self.gop_seconds, self.seconds) < 1:
            raise ValueError("width, height, fps, gop_seconds and seconds are at least 1")
        if self.width % 2 or self.height % 2:
            raise ValueError(f"{self.width}x{self.height} is odd: 4:2:0 video halves both sides for colour")
        if self.seconds % self.gop_seconds:
            raise ValueError(f"a loop of {self.seconds} s does not end with a whole GOP of {self.gop_seconds} s")

    @property
    def gop_frames(self) -> int:
        return self.fps * self.gop_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """A box that drives `laps` times through the picture per loop: whole laps, so the loop has no seam."""

    start: float
    laps: int
    lane: float
    colour: tuple[int, int, int]

    def left(self, progress: float) -> float:
        """Its left edge, as a share of the picture's width, when `progress` (0 to 1) of the loop is over."""
        return (self.start + self.laps * progress) % 1 * (1 + CAR_WIDTH) - CAR_WIDTH


def pictures(scene: Scene) -> Iterator[Picture]:
    """The `fps * seconds` pictures of one loop, in order.

    The clock burnt in counts the loop's own seconds, because a loop is encoded once and replayed.
    """
    rng = np.random.default_rng(scene.seed)
    street = _street(scene, rng)
    cars = [_car(rng) for _ in range(CARS)]
    total = scene.fps * scene.seconds
    for index in range(total):
        picture = street.copy()
        for car in cars:
            _draw_car(picture, car, index / total)
        shown = exposed(picture, scene.brightness)
        _draw_clock(shown, f"{scene.seed:04d}  {index / scene.fps:05.2f} s")
        yield shown


def exposed(picture: Picture, brightness: float) -> Picture:
    """The picture with a mean luma of `brightness`: blended with black or with white, so that nothing clips."""
    mean = float(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).mean()) / 255
    if brightness <= mean:
        levels = LEVELS * (brightness / mean if mean else 0)
    else:
        levels = 255 - (255 - LEVELS) * ((1 - brightness) / (1 - mean))
    return np.asarray(cv2.LUT(picture, np.rint(levels).astype(np.uint8)), np.uint8)


def _street(scene: Scene, rng: np.random.Generator) -> Picture:
    width, height = scene.width, scene.height
    road = int(height * ROAD_TOP)
    street = np.full((height, width, 3), (200, 170, 140), np.uint8)
    edges = np.linspace(0, width, 9, dtype=int).tolist()
    for left, right in pairwise(edges):
        _draw_building(street, (left, int(rng.uniform(0.05, 0.4) * height), right, road), rng)
    street[road:] = 90
    cv2.line(street, (0, (road + height) // 2), (width, (road + height) // 2), (220, 220, 220), max(1, height // 90))
    grain = rng.integers(-GRAIN, GRAIN + 1, street.shape[:2], np.int16)[..., None]
    grainy: Picture = np.clip(street + grain, 0, 255).astype(np.uint8)
    return grainy


def _draw_building(street: Picture, box: tuple[int, int, int, int], rng: np.random.Generator) -> None:
    left, top, right, bottom = box
    street[top:bottom, left:right] = rng.integers(60, 170, 3)
    step = max(4, (right - left) // 4)
    for y in range(top + step // 2, bottom - step // 2, step):
        for x in range(left + step // 2, right - step // 2, step):
            street[y : y + step // 2, x : x + step // 2] = rng.choice((40, 230))


def _car(rng: np.random.Generator) -> Car:
    blue, green, red = rng.integers(0, 256, 3).tolist()
    return Car(
        start=rng.uniform(),
        laps=int(rng.choice((-2, -1, 1, 2))),
        lane=rng.uniform(ROAD_TOP, 1 - CAR_HEIGHT),
        colour=(blue, green, red),
    )


def _draw_car(picture: Picture, car: Car, progress: float) -> None:
    height, width = picture.shape[:2]
    left, top = int(car.left(progress) * width), int(car.lane * height)
    corner = (left + int(CAR_WIDTH * width), top + int(CAR_HEIGHT * height))
    cv2.rectangle(picture, (left, top), corner, car.colour, cv2.FILLED)


def _draw_clock(picture: Picture, text: str) -> None:
    scale = picture.shape[0] / 480
    baseline = (int(12 * scale), int(30 * scale))
    for colour, thickness in (((0, 0, 0), 4), ((255, 255, 255), 1)):
        cv2.putText(picture, text, baseline, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thickness)
