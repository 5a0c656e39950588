"""The street that stands still, drawn once on a canvas wider than the view: see `window.py`."""

import cv2
import numpy as np

from simulators.scenery.facade import draw_building
from simulators.scenery.field import coloured, rough
from simulators.scenery.picture import Picture, shaded, size_of
from simulators.scenery.plan import LEFT, RIGHT, Plan
from simulators.scenery.window import HEADROOM, MARGIN, Window, canvas_size

ASPHALT = (92, 90, 88)
PAVEMENT = (140, 145, 150)
PAINT = (215, 220, 220)
LAMP_HEIGHT, LAMP_REACH = 0.34, 0.03  # above the road, and over it
WALL_HEIGHT = 0.45  # of a plain street
SOFTNESS = 0.0009  # of the width: no lens draws an edge within one pixel


def whole(width: int, height: int) -> Window:
    """The window that looks at the whole canvas, for drawing on it with the coordinates of the view."""
    return Window(width=width, height=height, pan=-MARGIN, tilt=-HEADROOM)


def draw_street(plan: Plan, width: int, height: int) -> Picture:
    """The colours of the street in even light, on the whole canvas."""
    columns, rows = canvas_size(width, height)
    canvas = np.empty((rows, columns, 3), np.uint8)
    window = whole(width, height)
    _draw_sky(canvas, plan)
    if plan.plain:
        _draw_wall(canvas, window, plan)
    for building in plan.buildings:
        draw_building(canvas, window, building, plan.road)
    _draw_ground(canvas, window, plan)
    for lamp in plan.lamps:
        _draw_pole(canvas, window, plan, lamp)
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), max(0.35, SOFTNESS * width)), np.uint8)


def _draw_sky(canvas: Picture, plan: Plan) -> None:
    rng = np.random.default_rng([plan.seed, 21])
    clouds = np.clip(rough(rng, size_of(canvas), 4, octaves=4), 0, 2)
    canvas[:] = coloured(clouds, plan.sky, 14)


def _draw_wall(canvas: Picture, window: Window, plan: Plan) -> None:
    """One colour with stains, a coping and a few joints: as few edges as a camera at a depot sees."""
    top, bottom = window.y(plan.road - WALL_HEIGHT), window.y(plan.road)
    part = canvas[top:bottom]
    part[:] = coloured(rough(np.random.default_rng([plan.seed, 22]), size_of(part), 6), plan.wall, 4)
    thin = max(1, window.height // 240)
    cv2.line(canvas, (0, top), (canvas.shape[1], top), shaded(plan.wall, 0.75), thin * 3)
    for x in np.arange(LEFT, RIGHT, 0.55).tolist():
        cv2.line(canvas, (window.x(x), top), (window.x(x), bottom), shaded(plan.wall, 0.88), thin)


def _draw_ground(canvas: Picture, window: Window, plan: Plan) -> None:
    road = window.y(plan.road)
    curb = max(road + 1, window.y(plan.road + 0.045))
    rng = np.random.default_rng([plan.seed, 23])
    grain = rough(rng, size_of(canvas[road:]), 24, octaves=4)
    canvas[road:] = coloured(grain, ASPHALT, 4)
    canvas[road:curb] = coloured(grain[: curb - road], PAVEMENT, 4)
    cv2.line(canvas, (0, curb), (canvas.shape[1], curb), (70, 70, 70), max(1, window.height // 180))
    for far, near in zip(plan.lanes, plan.lanes[1:], strict=False):
        _draw_dashes(canvas, window, (far + near) / 2 + 0.01)
    if not plan.plain:
        _draw_crossing(canvas, window, plan, float(rng.uniform(0.1, 0.8)))


def _draw_dashes(canvas: Picture, window: Window, y: float) -> None:
    thick = max(1, round(window.height * 0.01 * y))
    for x in np.arange(LEFT, RIGHT, 0.12).tolist():
        cv2.line(canvas, (window.x(x), window.y(y)), (window.x(x + 0.06), window.y(y)), PAINT, thick)


def _draw_crossing(canvas: Picture, window: Window, plan: Plan, left: float) -> None:
    far, near = window.y(plan.road + 0.06), window.y(min(1.0, plan.lanes[-1] + 0.03))
    for stripe in range(5):
        x = left + stripe * 0.03
        slanted = [(x, far), (x + 0.014, far), (x + 0.034, near), (x + 0.016, near)]
        cv2.fillPoly(canvas, [np.array([(window.x(across), y) for across, y in slanted])], PAINT)


def _draw_pole(canvas: Picture, window: Window, plan: Plan, x: float) -> None:
    foot, head = window.y(plan.road + 0.04), window.y(plan.road - LAMP_HEIGHT)
    thick = max(1, window.width // 200)
    cv2.line(canvas, (window.x(x), foot), (window.x(x), head), (80, 80, 80), thick)
    cv2.line(canvas, (window.x(x), head), (window.x(x + LAMP_REACH), head), (80, 80, 80), thick)
