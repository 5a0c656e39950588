"""The table [video] of city.toml."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from devices.kinds import KINDS

Seconds = Annotated[float, Field(gt=0, le=3600)]


class VideoSettings(BaseModel, frozen=True, extra="forbid"):
    """How cameras are watched; times in seconds.

    `read_timeout_seconds` must exceed the cameras' distance of key frames, of which only the frames decoded come.
    """

    interval_seconds: Seconds = 2.0
    report_seconds: Seconds = KINDS["camera"].interval_seconds
    offline_after_seconds: Seconds = 20.0
    open_timeout_seconds: Seconds = 10.0
    read_timeout_seconds: Seconds = 20.0
    jpeg_quality: Annotated[int, Field(ge=1, le=100)] = 80

    @model_validator(mode="after")
    def _samples_keep_a_camera_online(self) -> Self:
        if self.offline_after_seconds <= self.interval_seconds:
            raise ValueError("offline_after_seconds must be longer than interval_seconds, or each pause is an outage")
        return self
