"""The newest picture of each camera, as a file: `{folder}/{camera}/latest.jpg`.

Whoever shows it reads the file alone: it is always a whole JPEG, and its modification time is the time of capture.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2

from video.frame import Frame, Picture

LATEST = "latest.jpg"
# Written here and renamed. One name, so that what a killed process left is overwritten by the next.
PART = "latest.jpg.part"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class LatestFrames:
    def __init__(self, folder: Path, *, jpeg_quality: int) -> None:
        self._folder = folder
        self._jpeg_quality = jpeg_quality

    def keep(self, camera_id: str, frame: Frame) -> None:
        """Replace the camera's picture in one step.

        Raises OSError when the disk refuses; the former picture then stands, with its own time, and nothing beside it.
        """
        content = jpeg(frame.picture, self._jpeg_quality)
        folder = self._folder / camera_id
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / PART
        try:
            part.write_bytes(content)
            os.utime(part, ns=(nanoseconds(frame.captured_at),) * 2)
            part.replace(folder / LATEST)
        except OSError:
            part.unlink(missing_ok=True)
            raise


def jpeg(picture: Picture, quality: int) -> bytes:
    """The picture as JPEG, `quality` 1 to 100. Raises cv2.error for what is no picture."""
    _, content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return content.tobytes()


def nanoseconds(moment: datetime) -> int:
    """Since the epoch, exactly: through a float a modern time would lose its last digits."""
    return (moment - EPOCH) // MICROSECOND * 1_000
