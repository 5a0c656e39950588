"""Pure: what one camera's picture is like when all is well."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from video.measure import WIDTH, Measures
from video.tamper.blocks import VIEW_HEIGHT
from video.tamper.view import View

# Passers-by and grain fade from the mean of so long; a shadow or a dusk is followed.
MEMORY_SECONDS = 60.0
COLOURLESS = 0.008  # an infrared picture's colour_ratio, after an encoder, is next to nothing
JPEG_QUALITY = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """The measures of a normal picture; `stir` is the usual difference of two pictures in a row, in levels.

    `seconds` of watched picture went into it, at most MEMORY_SECONDS.
    """

    brightness_ratio: float
    clipped_ratio: float
    colour_ratio: float
    stir: float | None
    seconds: float

    @property
    def colourless(self) -> bool:
        return colourless(self.colour_ratio)


def colourless(colour_ratio: float) -> bool:
    return colour_ratio < COLOURLESS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Normal:
    """A mean of pictures, and of their measures."""

    view: View
    traits: Traits

    @property
    def usable(self) -> bool:
        return self.traits.seconds >= MEMORY_SECONDS

    @classmethod
    def first(cls, measures: Measures, view: View) -> Self:
        return cls(view=view, traits=_traits(measures, None, 0.0))

    def learned(self, measures: Measures, view: View, stir: float | None, seconds: float) -> Self:
        """With one more good picture, which stands for `seconds`: an even mean at first, a fading one later."""
        known = min(self.traits.seconds + seconds, MEMORY_SECONDS)
        share = min(1.0, seconds / known) if known else 1.0
        grey = np.asarray(cv2.addWeighted(self.view.grey, 1 - share, view.grey, share, 0), np.float32)
        return type(self)(view=View(grey=grey), traits=_mixed(self.traits, _traits(measures, stir, known), share))


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A normal put away: the picture as a JPEG of some ten kilobytes."""

    picture: bytes
    traits: Traits

    @classmethod
    def of(cls, normal: Normal) -> Self:
        grey = np.clip(np.rint(normal.view.grey), 0, 255).astype(np.uint8)
        _, jpeg = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        return cls(picture=jpeg.tobytes(), traits=normal.traits)

    def recalled(self) -> Normal:
        """Raises ValueError for a picture that is none."""
        encoded = np.frombuffer(self.picture, np.uint8)
        grey = cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE) if encoded.size else None
        if grey is None or grey.shape != (VIEW_HEIGHT, WIDTH):
            raise ValueError(f"what was remembered is no picture of {WIDTH}x{VIEW_HEIGHT}")
        return Normal(view=View(grey=grey.astype(np.float32)), traits=self.traits)


def _traits(measures: Measures, stir: float | None, seconds: float) -> Traits:
    return Traits(
        brightness_ratio=measures.brightness_ratio,
        clipped_ratio=measures.clipped_ratio,
        colour_ratio=measures.colour_ratio,
        stir=stir,
        seconds=seconds,
    )


def _mixed(old: Traits, new: Traits, share: float) -> Traits:
    return Traits(
        brightness_ratio=_mean(old.brightness_ratio, new.brightness_ratio, share),
        clipped_ratio=_mean(old.clipped_ratio, new.clipped_ratio, share),
        colour_ratio=_mean(old.colour_ratio, new.colour_ratio, share),
        stir=new.stir if old.stir is None else old.stir if new.stir is None else _mean(old.stir, new.stir, share),
        seconds=new.seconds,
    )


def _mean(old: float, new: float, share: float) -> float:
    return old + share * (new - old)
