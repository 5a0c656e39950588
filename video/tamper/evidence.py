"""Pure: all that is known about one picture when it is judged."""

from dataclasses import dataclass

from video.measure import Measures
from video.tamper.likeness import Likeness
from video.tamper.normal import Traits


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What the camera's picture is usually like, and how like it this one is."""

    traits: Traits
    likeness: Likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`usual` is None as long as nothing was learned.

    `stir` is how much differs from the picture that began a run of alikes (`run.py`), in levels; None at the beginning
    of a run. `identical` says that nothing at all does.
    """

    measures: Measures
    usual: Usual | None
    stir: float | None
    identical: bool
