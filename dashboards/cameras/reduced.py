"""Pictures made smaller, with no more work than the size that is wanted asks for."""

import cv2
import numpy as np

from dashboards.cameras.jpeg_size import jpeg_size
from dashboards.cameras.lettering import Picture
from dashboards.cameras.placard import jpeg

# A decoder that is asked for a half, a quarter or an eighth does that much less work.
REDUCED = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))


def decoded(data: bytes, width: int, height: int) -> Picture | None:
    """The picture, at the least size that still fills that room one way; None where it cannot be decoded."""
    size = jpeg_size(data)
    if size is None:
        return None
    wanted = min(width / size[0], height / size[1])
    reading = next((flag for factor, flag in REDUCED if factor * wanted <= 1), cv2.IMREAD_COLOR)
    found = cv2.imdecode(np.frombuffer(data, np.uint8), reading)
    return None if found is None else found.astype(np.uint8, copy=False)


def narrowed(data: bytes, width: int) -> bytes | None:
    """The JPEG, `width` pixels wide; as it is where it is no wider, None where it cannot be decoded."""
    size = jpeg_size(data)
    if size is None or size[0] <= width:
        return None if size is None else data
    height = max(1, round(size[1] * width / size[0]))
    picture = decoded(data, width, height)
    if picture is None:
        return None
    return jpeg(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False))
