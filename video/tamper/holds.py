"""Pure: the holds of all kinds of one camera, of which at most one holds at a time."""

from collections.abc import Mapping
from typing import TypeAlias

from devices.tamper import Tamper
from video.tamper.conditions import CONDITIONS
from video.tamper.diagnosis import Diagnosis
from video.tamper.hold import Hold
from video.tamper.settings import TamperSettings

Holds: TypeAlias = Mapping[Tamper, Hold]
"""One for each kind that is counted; a kind that is absent was not seen lately."""

AT_REST = Hold()


def step(holds: Holds, diagnosis: Diagnosis, seconds: float, settings: TamperSettings) -> Holds:
    """The holds after a picture that stands for `seconds`.

    While one kind holds, those that it would explain neither count nor hold. One that holds and cannot be judged now
    stays as it is.
    """
    after: dict[Tamper, Hold] = {}
    for kind in CONDITIONS:
        hold = holds.get(kind, AT_REST)
        if hold.holding and kind in diagnosis.unclear:
            after[kind] = hold
        else:
            stepped = hold.step(seen=diagnosis.seen is kind, seconds=seconds, settings=settings.of(kind))
            after |= {kind: stepped} if stepped != AT_REST else {}
        if kind in after and after[kind].holding:
            break
    return after


def holding(holds: Holds) -> frozenset[Tamper]:
    return frozenset(kind for kind, hold in holds.items() if hold.holding)


def pending(holds: Holds) -> frozenset[Tamper]:
    return frozenset(kind for kind, hold in holds.items() if hold.pending)
