"""The table [video] of city.toml."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from devices.device import DEVICE_ID
from devices.kinds import KINDS
from video.camera import Stream
from video.camera_settings import CameraSettings
from video.keep_settings import KeepSettings
from video.onnx_detector import DetectorSettings
from video.tamper.settings import TamperSettings

Seconds = Annotated[float, Field(gt=0, le=3600)]
CameraId = Annotated[str, Field(pattern=f"^{DEVICE_ID.pattern}$")]


class VideoSettings(BaseModel, frozen=True, extra="forbid"):
    """How cameras are watched; times in seconds.

    `read_timeout_seconds` without a key frame and a stream is dead; key frames further apart than
    `full_decode_beyond_seconds` have every frame decoded. `recheck_seconds` is how often a camera is asked whether its
    pictures still have the same size, 0 for never. `stream` is the one to watch of cameras that have two.
    """

    interval_seconds: Seconds = 2.0
    report_seconds: Seconds = KINDS["camera"].interval_seconds
    offline_after_seconds: Seconds = 20.0
    open_timeout_seconds: Seconds = 10.0
    read_timeout_seconds: Seconds = 15.0
    full_decode_beyond_seconds: Seconds = 6.0
    recheck_seconds: Annotated[float, Field(ge=0, le=86_400)] = 60.0
    jpeg_quality: Annotated[int, Field(ge=1, le=100)] = 80
    stream: Stream = "main"
    keep: KeepSettings = KeepSettings()
    tamper: TamperSettings = TamperSettings()
    detector: DetectorSettings | None = None
    cameras: Mapping[CameraId, CameraSettings] = {}

    def camera(self, camera_id: str) -> CameraSettings:
        """What is particular to a camera; nothing is, where its id does not stand there."""
        return self.cameras.get(camera_id, CameraSettings())

    @property
    def camera_ids(self) -> frozenset[str]:
        """Every camera that the settings name."""
        return frozenset(self.cameras) | (self.detector.cameras or frozenset() if self.detector else frozenset())

    def stream_of(self, camera_id: str) -> Stream:
        return self.camera(camera_id).stream or self.stream

    @model_validator(mode="after")
    def _samples_keep_a_camera_online(self) -> Self:
        if self.offline_after_seconds <= self.interval_seconds:
            raise ValueError("offline_after_seconds must be longer than interval_seconds, or each pause is an outage")
        return self

    @model_validator(mode="after")
    def _key_frames_come_in_time(self) -> Self:
        if self.read_timeout_seconds <= self.full_decode_beyond_seconds:
            raise ValueError("read_timeout_seconds must be longer than full_decode_beyond_seconds")
        return self
