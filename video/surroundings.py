"""What all cameras of one process share."""

import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from devices.topics import Grammar
from video.credentials import Credentials
from video.detection import Detector
from video.settings import VideoSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """`environment` is the process's own, in which OpenCV looks.

    `folder` is for pictures, `memory` for what was learned from them. `now` is the time of day, aware; `clock` tells
    seconds that never go back.
    """

    settings: VideoSettings
    credentials: Mapping[str, Credentials] = field(default_factory=dict)
    detector: Detector | None = None
    environment: MutableMapping[str, str]
    folder: Path
    memory: Path
    broker_url: str
    grammar: Grammar
    now: Callable[[], datetime]
    clock: Callable[[], float] = time.monotonic
