"""A short film of a street that repeats without a seam: what a simulated camera is given to play."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sin, tau

from simulators.scenery.film import film_of
from simulators.scenery.lens import Lens, Mishap
from simulators.scenery.light import LOOKS, Light
from simulators.scenery.loop import Cast, cast
from simulators.scenery.moment import Moment
from simulators.scenery.picture import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A view and how it is filmed. Equal scenes look the same to the last pixel.

    `brightness` is the mean luma of the clear view, 0 black to 1 white (the clock on top changes it by less than 0.01);
    None leaves what the light gives. `lens` is what happened to the camera, of a variant that the seed chooses, and
    `rain` 0 to 1. `seconds` is the length of the loop, `gop_seconds` the distance of its key frames.
    Raises ValueError for what cannot be filmed as a seamless loop.
    """

    brightness: float | None = None
    seed: int = 0
    width: int = 640
    height: int = 360
    fps: int = 10
    gop_seconds: int = 1
    seconds: int = 4
    light: Light = Light.DAY
    rain: float = 0.0
    lens: Lens = Lens.CLEAR
    cars: int = 6
    people: int = 4

    def __post_init__(self) -> None:
        if self.brightness is not None and not 0 <= self.brightness <= 1:
            raise ValueError(f"brightness {self.brightness} is not between 0 and 1")
        if not 0 <= self.rain <= 1:
            raise ValueError(f"rain {self.rain} is not between 0 and 1")
        if min(self.width, self.height, self.fps, self.gop_seconds, self.seconds) < 1:
            raise ValueError("width, height, fps, gop_seconds and seconds are at least 1")
        if min(self.cars, self.people) < 0:
            raise ValueError("there are no fewer than 0 cars or people")
        if self.width % 2 or self.height % 2:
            raise ValueError(f"{self.width}x{self.height} is odd: 4:2:0 video halves both sides for colour")
        if self.seconds % self.gop_seconds:
            raise ValueError(f"a loop of {self.seconds} s does not end with a whole GOP of {self.gop_seconds} s")

    @property
    def gop_frames(self) -> int:
        return self.fps * self.gop_seconds


def pictures(scene: Scene) -> Iterator[Picture]:
    """The `fps * seconds` pictures of one loop, in order; each differs from the one before, but without a signal.

    The clock burnt in counts the loop's own seconds, because a loop is encoded once and replayed.
    """
    film = film_of(scene.seed, scene.width, scene.height)
    actors = cast(film.plan, cars=scene.cars, people=scene.people)
    mishap = Mishap(lens=scene.lens, seed=scene.seed)
    for index in range(scene.fps * scene.seconds):
        yield film.picture(_moment(scene, actors, index), mishap)


def _moment(scene: Scene, actors: Cast, index: int) -> Moment:
    """What depends on the time does so with a period of one loop."""
    look, progress = LOOKS[scene.light], index / (scene.fps * scene.seconds)
    return Moment(
        tick=index,
        stamp=f"{scene.seed:04d}  {index / scene.fps:05.2f} s",
        sun=look.sun,
        lamps=look.lamps,
        infrared=look.infrared,
        brightness=scene.brightness,
        grain=look.grain,
        shade=-0.6,
        cloud=min(1.0, 0.1 + 1.2 * scene.rain),
        rain=scene.rain,
        wet=min(1.0, 2 * scene.rain),
        drops=actors.drops[: round(len(actors.drops) * scene.rain)],
        sway=0.4 * sin(tau * progress),
        actors=actors.on_stage(progress),
    )
