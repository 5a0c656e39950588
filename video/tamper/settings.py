"""The table [video.tamper] of city.toml."""

from typing import Annotated

from pydantic import BaseModel, Field

from devices.tamper import Tamper

Seconds = Annotated[float, Field(gt=0, le=3600)]


class HoldSettings(BaseModel, frozen=True, extra="forbid"):
    """How long one kind must be seen until it begins, and be gone until it has ended. `enabled` switches it off."""

    enabled: bool = True
    begin_seconds: Seconds
    clear_seconds: Seconds = 10.0


class TamperSettings(BaseModel, frozen=True, extra="forbid"):
    """What counts as tampering; times in seconds of watched picture, so a gap in the stream counts for nothing.

    What passes by may look like the kinds with the longer holds: a bus before the lens, a spider on it, a gust.
    `adopt_after_hours`: a view that has differed for as long, watched, is taken for the new normal.
    """

    dark: HoldSettings = HoldSettings(begin_seconds=10)
    overexposed: HoldSettings = HoldSettings(begin_seconds=15)
    covered: HoldSettings = HoldSettings(begin_seconds=20)
    sprayed: HoldSettings = HoldSettings(begin_seconds=30)
    defocused: HoldSettings = HoldSettings(begin_seconds=30)
    frozen: HoldSettings = HoldSettings(begin_seconds=20)
    moved: HoldSettings = HoldSettings(begin_seconds=30)
    signal_lost: HoldSettings = HoldSettings(begin_seconds=10)
    adopt_after_hours: Annotated[float, Field(gt=0, le=24 * 365)] = 24.0

    def of(self, kind: Tamper) -> HoldSettings:
        hold: HoldSettings = getattr(self, kind)
        return hold
