"""A picture as it is written and shown: JPEG."""

from dataclasses import dataclass
from datetime import datetime

import cv2

from video.frame import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A JPEG and when it was taken, aware UTC."""

    captured_at: datetime
    jpeg: bytes


def encode(picture: Picture, quality: int) -> bytes:
    """The picture as JPEG, `quality` 1 to 100. Raises cv2.error for what is no picture."""
    _, content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return content.tobytes()
