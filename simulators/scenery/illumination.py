"""How the street is lit: maps over the whole canvas, one for each light, that its colours are multiplied with."""

from dataclasses import dataclass

import cv2
import numpy as np

from simulators.scenery.field import Field, halo
from simulators.scenery.figures import box
from simulators.scenery.moment import Moment
from simulators.scenery.picture import Picture
from simulators.scenery.plan import Building, Plan
from simulators.scenery.street import LAMP_REACH, WALL_HEIGHT, whole
from simulators.scenery.window import HEADROOM, MARGIN, Window, canvas_size

EVEN = 128  # of a map: the colours as they are
SHADOW = (74, 62, 58)
SKY_DEPTH = 8
COARSE = 4  # of the pixels across and down, one is computed
DIFFUSE = 104  # an overcast sky: no shadows
NIGHT_FLOOR = 12
LAMP_LIGHT = (42, 72, 92)


@dataclass(frozen=True, slots=True, kw_only=True)
class Illumination:
    """`morning` and `evening` are sunny maps, `night` is that of the lamps, `depth` how little of the camera's own
    light comes back from afar, all over the canvas; `lamp` is that light over the view. Three channels, 128 for 1.
    """

    morning: Picture
    evening: Picture
    night: Picture
    depth: Picture
    lamp: Picture

    def visible(self, window: Window, moment: Moment) -> Picture:
        """The map of the view by sun and lamps. Clouds take the shadows away and some of the light."""
        direct = moment.sun * (1 - moment.cloud)
        east, west = direct * (1 - moment.shade) / 2, direct * (1 + moment.shade) / 2
        sky = moment.sun * moment.cloud * DIFFUSE
        light = cv2.addWeighted(window.cut(self.morning), east, window.cut(self.evening), west, sky)
        if moment.lamps > 0:
            light = cv2.addWeighted(light, 1, window.cut(self.night), moment.lamps, 0)
        return np.asarray(light, np.uint8)

    def infrared(self, window: Window, moment: Moment) -> Picture:
        """The map of the view by the camera's lamp, which falls on what stops right before it undiminished."""
        light = np.asarray(cv2.multiply(window.cut(self.depth), self.lamp, scale=1 / EVEN), np.uint8)
        for actor in moment.actors:
            if actor.is_near:
                left, top, right, bottom = box(window, actor)
                light[top:bottom, left:right] = self.lamp[top:bottom, left:right]
        return light


def illumination(plan: Plan, width: int, height: int) -> Illumination:
    return Illumination(
        morning=_sunny(plan, width, height, -1),
        evening=_sunny(plan, width, height, 1),
        night=_lamplit(plan, width, height),
        depth=_three(_depth(plan, width, height)),
        lamp=_three(24 + 170 * halo((width, height), (0.5, 0.33), 0.27)),
    )


def _depth(plan: Plan, width: int, height: int) -> Field:
    """The sky throws nothing back, houses and trees some, the road the more the nearer it is; 128 for all."""
    columns, rows = canvas_size(width, height)
    window = whole(width, height)
    light = np.full((rows, columns), SKY_DEPTH, np.float32)
    for building in plan.buildings:
        corners = (window.x(building.left), window.y(building.top)), (window.x(building.right), rows)
        cv2.rectangle(light, *corners, 100, cv2.FILLED)
    for tree in plan.trees:
        middle = window.x(tree.x), window.y(tree.crown)
        cv2.circle(light, middle, round(0.8 * tree.radius * height), 85, cv2.FILLED)
    if plan.plain:
        light[window.y(plan.road - WALL_HEIGHT) :] = 110
    road = window.y(plan.road)
    light[road:] = np.linspace(105, 165, rows - road, dtype=np.float32)[:, None]
    return light


def _three(light: Field) -> Picture:
    return np.asarray(cv2.cvtColor(cv2.convertScaleAbs(light), cv2.COLOR_GRAY2BGR), np.uint8)


def _sunny(plan: Plan, width: int, height: int, side: int) -> Picture:
    """With the sun on one side: the houses throw their shadows on the road, away from it, and on the next wall."""
    columns, rows = canvas_size(width, height)
    lit = np.full((rows, columns, 3), EVEN, np.uint8)
    window = whole(width, height)
    for building in plan.buildings:
        shadow = _on_the_road(building, plan.road, side)
        cv2.fillPoly(lit, [np.array([(window.x(across), window.y(down)) for across, down in shadow])], SHADOW)
        edge = building.left if side < 0 else building.right
        corners = (window.x(edge), window.y(building.top)), (window.x(edge - side * 0.03), window.y(plan.road))
        cv2.rectangle(lit, *corners, SHADOW, cv2.FILLED)
    return np.asarray(cv2.GaussianBlur(lit, (0, 0), max(0.5, width / 500)), np.uint8)


def _on_the_road(building: Building, road: float, side: int) -> list[tuple[float, float]]:
    """The corners of a building's shadow: longer in the morning, which is what tells the two maps apart most."""
    reach = (road - building.top) * (0.55 if side < 0 else 0.3)
    lean = -side * reach * 0.4
    return [
        (building.left, road),
        (building.right, road),
        (building.right + lean, road + reach),
        (building.left + lean, road + reach),
    ]


def _lamplit(plan: Plan, width: int, height: int) -> Picture:
    """A pool on the road below each lamp, and some light on the walls; none on the sky. Drawn small: it is soft."""
    columns, rows = canvas_size(width, height)
    small = max(1, columns // COARSE), max(1, rows // COARSE)
    light = np.zeros(small[::-1], np.float32)
    for lamp in plan.lamps:
        x, y = (lamp + LAMP_REACH + MARGIN) * width / columns, (plan.road + HEADROOM) * height / columns
        light += halo(small, (x, y + 0.03), 0.07) + 0.5 * halo(small, (x, y - 0.02), 0.11)
    reflecting = np.minimum(_depth(plan, width, height) / 100, 1)
    pools = np.minimum(cv2.resize(light, (columns, rows)), 1.2) * reflecting
    lit = [cv2.convertScaleAbs(pools, alpha=part, beta=NIGHT_FLOOR) for part in LAMP_LIGHT]
    return np.asarray(cv2.merge(lit), np.uint8)
