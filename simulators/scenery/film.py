"""One camera before one street: from a moment to the picture that leaves the camera."""

from dataclasses import dataclass

import cv2
import numpy as np

from simulators.scenery import rain
from simulators.scenery.clock import burn_in
from simulators.scenery.emission import draw_emission
from simulators.scenery.figures import draw
from simulators.scenery.glow import add_glow
from simulators.scenery.headlights import draw_headlights
from simulators.scenery.illumination import EVEN, Illumination, illumination
from simulators.scenery.insect import creep
from simulators.scenery.lens import Lens, Mishap, seen_through
from simulators.scenery.moment import Moment
from simulators.scenery.picture import Picture
from simulators.scenery.plan import Plan, plan
from simulators.scenery.sensor import Grain, exposed, grain
from simulators.scenery.street import draw_street
from simulators.scenery.tree import Crown, crown
from simulators.scenery.window import Window

UNHARMED = Mishap()
HEADLIGHTS_BELOW = 0.35  # of daylight
GLARE = (200, 235, 255)


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """All that stands still, drawn once: `film_of` makes one."""

    plan: Plan
    width: int
    height: int
    street: Picture
    shining: Picture
    crowns: tuple[Crown, ...]
    lit: Illumination
    rain: rain.Rain
    grain: Grain

    def picture(self, moment: Moment, mishap: Mishap = UNHARMED) -> Picture:
        """What the camera sends: a new array. Light falls through the lens on the sensor; the clock is added last."""
        window = self._window(moment, mishap)
        light = self._through_the_air(self._lit(self._colours(window, moment), window, moment), moment)
        if moment.brightness is not None:
            light = exposed(light, moment.brightness)
        seen = _through_the_lens(light, mishap)
        return self._sensed(seen, moment) if mishap.has_signal else seen

    def _window(self, moment: Moment, mishap: Mishap) -> Window:
        (across, down), (pan, tilt) = moment.shake, mishap.pan
        return Window(width=self.width, height=self.height, pan=pan + across, tilt=tilt + down)

    def _colours(self, window: Window, moment: Moment) -> Picture:
        """Everything in view, in even light."""
        picture = window.cut(self.street).copy()
        for tree in self.crowns:
            tree.draw(picture, window, self.plan.road, moment.sway)
        if moment.wet > 0:
            rain.mirror(picture, window.y(self.plan.road), moment.wet)
        for actor in moment.actors:
            draw(picture, window, actor)
        return picture

    def _lit(self, colours: Picture, window: Window, moment: Moment) -> Picture:
        light = self.lit.infrared(window, moment) if moment.infrared else self.lit.visible(window, moment)
        seen = _in_infrared(colours) if moment.infrared else colours
        picture = np.asarray(cv2.multiply(seen, light, scale=moment.exposure / EVEN), np.uint8)
        if moment.lamps > 0 and not moment.infrared:
            picture = np.asarray(cv2.addWeighted(picture, 1, window.cut(self.shining), moment.lamps, 0), np.uint8)
        if moment.sun < HEADLIGHTS_BELOW:
            draw_headlights(picture, window, moment.actors, moment.wet)
        return picture

    def _through_the_air(self, light: Picture, moment: Moment) -> Picture:
        """What is between the street and the lens, or sits on the lens by nature."""
        if moment.glare > 0:
            place = round(self.width * (0.2 + 0.6 * moment.glare)), round(self.height * 0.6)
            add_glow(light, place, round(self.width * 0.4 * moment.glare), GLARE)
        if moment.insect > 0:
            creep(light, moment.insect)
        if moment.rain > 0:
            light = self.rain.fall(light, moment.rain, moment.tick)
        rain.wet_lens(light, moment.drops)
        return light

    def _sensed(self, light: Picture, moment: Moment) -> Picture:
        shown = self.grain.add(light, moment.grain, moment.tick)
        if moment.infrared:
            shown = _in_infrared(shown)
        burn_in(shown, moment.stamp)
        return shown


def film_of(seed: int, width: int, height: int) -> Film:
    """The camera of a seed. Costs as much as some fifty of its pictures."""
    street = plan(seed)
    return Film(
        plan=street,
        width=width,
        height=height,
        street=draw_street(street, width, height),
        shining=draw_emission(street, width, height),
        crowns=tuple(crown(tree, height) for tree in street.trees),
        lit=illumination(street, width, height),
        rain=rain.streaks(seed, width, height),
        grain=grain(seed, width, height),
    )


def _through_the_lens(light: Picture, mishap: Mishap) -> Picture:
    """A turned camera's lens is clear: its window is another."""
    if mishap.lens is Lens.TURNED:
        return light
    return seen_through(light, mishap.lens, seed=mishap.seed, amount=mishap.amount)


def _in_infrared(colours: Picture) -> Picture:
    """Grey, from the green channel: leaves throw near infrared back, so they are bright."""
    return np.asarray(cv2.cvtColor(cv2.extractChannel(colours, 1), cv2.COLOR_GRAY2BGR), np.uint8)
