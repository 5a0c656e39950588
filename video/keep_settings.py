"""The table [video.keep] of city.toml."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field

# For ever and never are said by their names only: a 0 has meant either in other systems, and is refused.
Days: TypeAlias = Annotated[int, Field(ge=1, le=36_500)] | Literal["forever"]
Minutes: TypeAlias = Annotated[int, Field(ge=1, le=1_440)] | Literal["never"]
ChangeRatio: TypeAlias = Annotated[float, Field(gt=0, le=1)] | Literal["never"]


class KeepSettings(BaseModel, frozen=True, extra="forbid"):
    """Which pictures are kept beside the latest, for how long, and how much of the disk is left to others.

    A picture is kept every `every_minutes`, when `change_ratio` of it moved (but not again for `change_seconds`), and
    before and after a tamper or an alert, after it by `alert_after_seconds`. All of them, and the latest of a camera
    that is silent, go after `days`. Kept is nothing where less than `min_free_ratio` or `min_free_bytes` of the disk
    would be left.
    """

    days: Days = 7
    every_minutes: Minutes = 10
    change_ratio: ChangeRatio = 0.05
    change_seconds: Annotated[float, Field(ge=1, le=86_400)] = 60.0
    alert_after_seconds: Annotated[float, Field(ge=1, le=600)] = 5.0
    min_free_ratio: Annotated[float, Field(gt=0, le=0.9)] = 0.1
    min_free_bytes: Annotated[int, Field(ge=0)] = 500_000_000
