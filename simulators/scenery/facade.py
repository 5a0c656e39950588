"""One building: a wall with windows, a roof line and a shop sign."""

from itertools import product

import cv2
import numpy as np

from simulators.scenery.picture import Picture, shaded
from simulators.scenery.plan import Building
from simulators.scenery.window import Window

SHOP, AWNING = 0.1, 0.062  # how high the sign on the ground floor ends and begins, in view heights
PANES = ((60, 50, 45), (95, 85, 75), (150, 130, 110), (190, 180, 165))


def draw_building(canvas: Picture, window: Window, building: Building, road: float) -> None:
    left, right = max(0, window.x(building.left)), window.x(building.right)
    top, bottom = window.y(building.top), window.y(road)
    cv2.rectangle(canvas, (left, top), (right, bottom), building.colour, cv2.FILLED)
    cv2.line(canvas, (left, top), (right, top), shaded(building.colour, 0.6), max(1, window.height // 120))
    cv2.line(canvas, (right, top), (right, bottom), shaded(building.colour, 0.7), 1)
    rng = np.random.default_rng(building.seed)
    for pane in panes(window, building, road):
        _draw_pane(canvas, pane, rng)
    _draw_shop(canvas, window, building, road)


def panes(window: Window, building: Building, road: float) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom of every window of the building, in pixels."""
    column = (building.right - building.left) / building.columns
    floor = (road - SHOP - building.top) / building.floors
    return [
        (
            window.x(building.left + (across + 0.25) * column),
            window.y(building.top + (down + 0.25) * floor),
            window.x(building.left + (across + 0.75) * column),
            window.y(building.top + (down + 0.85) * floor),
        )
        for down, across in product(range(building.floors), range(building.columns))
        if floor > 0
    ]


def _draw_pane(canvas: Picture, pane: tuple[int, int, int, int], rng: np.random.Generator) -> None:
    left, top, right, bottom = pane
    colour = PANES[int(rng.integers(len(PANES)))]
    cv2.rectangle(canvas, (left, top), (right, bottom), colour, cv2.FILLED)
    cv2.rectangle(canvas, (left, top), (right, bottom), (40, 40, 40), 1)
    cv2.line(canvas, ((left + right) // 2, top), ((left + right) // 2, bottom), (40, 40, 40), 1)


def _draw_shop(canvas: Picture, window: Window, building: Building, road: float) -> None:
    left, right = window.x(building.left + 0.01), window.x(building.right - 0.01)
    top, board, bottom = window.y(road - SHOP), window.y(road - AWNING), window.y(road)
    cv2.rectangle(canvas, (left, board), (right, bottom), (55, 50, 50), cv2.FILLED)
    for x in range(left, right, max(3, window.width // 60)):
        cv2.line(canvas, (x, board), (x, bottom), (95, 95, 100), 1)
    if building.sign:
        cv2.rectangle(canvas, (left, top), (right, board), building.sign_colour, cv2.FILLED)
        size = (board - top) / 30
        cv2.putText(canvas, building.sign, (left + 2, board - 2), cv2.FONT_HERSHEY_SIMPLEX, size, (245, 245, 245), 1)
