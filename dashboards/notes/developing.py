"""A photo as it is kept: the picture alone. Where and with what it was taken, and by whose phone, is left out."""

from dataclasses import dataclass

import cv2
import numpy as np

from dashboards.cameras.jpeg_size import jpeg_size
from dashboards.words import Sentence

BYTES_MAX = 2 * 1024 * 1024
SIDE_MAX = 4_096
QUALITY = 85
# A progressive JPEG is drawn over itself scan by scan; phones write ten. Of a few bytes each there could be so many
# that one photo keeps all others waiting for minutes.
SCAN, SCANS_MAX = b"\xff\xda", 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A whole JPEG without metadata, upright."""

    jpeg: bytes
    width: int
    height: int


def develop(taken: bytes) -> Photo | Sentence:
    """The photo, drawn anew from what was sent, or why it is none.

    Its size and the work that it is are known before it is decoded. Decoding turns it upright by its Exif orientation
    (OpenCV's way with IMREAD_COLOR); encoding writes no Exif.
    """
    size = jpeg_size(taken)
    if size is None:
        return "bukan JPEG", "is not a JPEG"
    if max(size) > SIDE_MAX:
        wide, high = size
        return (
            f"{wide} kali {high} piksel; paling besar {SIDE_MAX} per sisi",
            f"has {wide} by {high} pixels; at most {SIDE_MAX} a side are kept",
        )
    if taken.count(SCAN) > SCANS_MAX:
        return f"berisi lebih dari {SCANS_MAX} lapisan", f"has more than {SCANS_MAX} scans"
    picture = _decoded(taken)
    if picture is None:
        return "JPEG yang rusak", "is not a JPEG that can be decoded"
    _, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    height, width = picture.shape[:2]
    return Photo(jpeg=encoded.tobytes(), width=width, height=height)


def _decoded(taken: bytes) -> cv2.typing.MatLike | None:
    try:
        return cv2.imdecode(np.frombuffer(taken, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:  # it refuses some by an exception, most by None
        return None
