"""The lights of vehicles at night."""

from collections.abc import Sequence

from simulators.scenery.figures import Actor, Figure
from simulators.scenery.glow import add_glow
from simulators.scenery.picture import Picture
from simulators.scenery.window import Window

WHITE, BEAM, RED = (215, 245, 255), (50, 62, 70), (30, 30, 200)
WET_STRETCH = 3  # how long a light stands in a wet road
WET_ROAD = 0.3


def draw_headlights(picture: Picture, window: Window, actors: Sequence[Actor], wet: float) -> None:
    """In place; people carry none, and what stands right before the camera hides those behind it."""
    aspect = window.height / window.width
    near = [(actor.x, aspect * actor.length / 2) for actor in actors if actor.is_near]
    for actor in actors:
        hidden = not actor.is_near and any(abs(actor.x - x) < half for x, half in near)
        if actor.figure is not Figure.PERSON and not hidden:
            _draw(picture, window, actor, wet)


def _draw(picture: Picture, window: Window, actor: Actor, wet: float) -> None:
    """Front and rear lights, and the beam on the road ahead."""
    unit = actor.size * window.height
    ahead = actor.heading * actor.length / 2 * window.height
    x, y = window.x(actor.x), window.y(actor.ground) - round(0.38 * unit)
    add_glow(picture, (round(x + 1.9 * ahead), y + round(0.3 * unit)), round(1.5 * unit), BEAM)
    add_glow(picture, (round(x + ahead), y), round(0.5 * unit), WHITE)
    add_glow(picture, (round(x - ahead), y), round(0.2 * unit), RED)
    if wet > WET_ROAD:
        add_glow(picture, (round(x + ahead), y + round(unit)), round(0.4 * unit), BEAM, stretch=WET_STRETCH)
