"""Pure: one picture, as far as it can be seen without knowing what is normal."""

from dataclasses import dataclass

from video.measure import Measures
from video.tamper.evidence import Evidence, Usual
from video.tamper.likeness import compare
from video.tamper.normal import Normal
from video.tamper.view import View


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """`stir` and `identical` as in Evidence."""

    measures: Measures
    view: View
    stir: float | None
    identical: bool

    def beside(self, normal: Normal | None) -> Evidence:
        usual = Usual(traits=normal.traits, likeness=compare(self.view, normal.view)) if normal else None
        return Evidence(measures=self.measures, usual=usual, stir=self.stir, identical=self.identical)
