"""What shines at night by itself: lit windows, lamps and shop signs, as a picture to add, on the whole canvas."""

import cv2
import numpy as np

from simulators.scenery.facade import AWNING, SHOP, panes
from simulators.scenery.glow import add_glow
from simulators.scenery.picture import Picture, shaded
from simulators.scenery.plan import Building, Plan
from simulators.scenery.street import LAMP_HEIGHT, LAMP_REACH, whole
from simulators.scenery.window import Window, canvas_size

LIT_PANES, LIT_SIGNS = 0.3, 0.6  # so many of them
PANE_LIGHT = (90, 150, 185)
LAMP_GLOW = (150, 210, 240)


def draw_emission(plan: Plan, width: int, height: int) -> Picture:
    columns, rows = canvas_size(width, height)
    shining = np.zeros((rows, columns, 3), np.uint8)
    window = whole(width, height)
    for building in plan.buildings:
        _light_up(shining, window, building, plan.road)
    shining = np.asarray(cv2.GaussianBlur(shining, (0, 0), max(0.5, width / 500)), np.uint8)
    for lamp in plan.lamps:
        head = window.x(lamp + LAMP_REACH), window.y(plan.road - LAMP_HEIGHT)
        add_glow(shining, head, width // 16, LAMP_GLOW)
        add_glow(shining, head, width // 60, (255, 255, 255))
    return shining


def _light_up(shining: Picture, window: Window, building: Building, road: float) -> None:
    rng = np.random.default_rng(building.seed)
    for left, top, right, bottom in panes(window, building, road):
        if rng.uniform() < LIT_PANES:
            cv2.rectangle(shining, (left, top), (right, bottom), PANE_LIGHT, cv2.FILLED)
    if building.sign and rng.uniform() < LIT_SIGNS:
        corners = (window.x(building.left), window.y(road - SHOP)), (window.x(building.right), window.y(road - AWNING))
        cv2.rectangle(shining, *corners, shaded(building.sign_colour, 0.8), cv2.FILLED)
