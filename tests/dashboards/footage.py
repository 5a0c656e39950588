"""Pictures on disk as the cameras' room writes them: real JPEGs, whose modification time is the time of capture."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np

from devices.frame_files import LATEST, KeptFrame

RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)


def jpeg_of(colour: tuple[int, int, int], width: int = 320, height: int = 180) -> bytes:
    """A picture all of one colour, blue, green and red."""
    picture = np.full((height, width, 3), colour, np.uint8)
    _, encoded = cv2.imencode(".jpg", picture)
    return encoded.tobytes()


@dataclass(frozen=True)
class Footage:
    folder: Path

    def capture(self, camera: str, at: datetime, jpeg: bytes = b"") -> bytes:
        """A new latest frame, in one step."""
        content = jpeg or jpeg_of(RED)
        place = self.folder / camera / LATEST
        place.parent.mkdir(exist_ok=True)
        part = place.with_suffix(".part")
        part.write_bytes(content)
        os.utime(part, (at.timestamp(), at.timestamp()))
        part.replace(place)
        return content

    def keep(self, camera: str, at: datetime, reason: str = "regular", jpeg: bytes = b"kept") -> str:
        """The name of a kept frame."""
        frame = KeptFrame(captured_at=at, reason=reason)
        place = self.folder / camera / frame.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(jpeg)
        return frame.name
