"""Pure: pictures one after the other as multipart/x-mixed-replace (its parts as in RFC 2046, section 5.1)."""

from dataclasses import dataclass
from datetime import datetime

from dashboards.cameras.picture_answer import JPEG, capture_headers

BOUNDARY = "picture"
MEDIA_TYPE = "multipart/x-mixed-replace"
CONTENT_TYPE = f"{MEDIA_TYPE}; boundary={BOUNDARY}"
DELIMITER = f"--{BOUNDARY}\r\n".encode()
BARE_HEAD = f"Content-Type: {JPEG}\r\n\r\n".encode()


@dataclass(frozen=True, slots=True)
class Shown:
    """A JPEG to show, and when it was taken: None is a placard, which was not."""

    jpeg: bytes
    captured_at: datetime | None


@dataclass(frozen=True, slots=True)
class Framing:
    """How pictures become parts.

    A browser that draws the stream shows a picture only when it has read the head of the next: Chromium's parser waits
    for it, at one picture in two seconds that is an old picture taken for new. So to it that head is sent at once,
    which then cannot tell anything of a picture not yet taken. Whoever reads the parts himself has length and time.
    """

    draws: bool

    @classmethod
    def for_accept(cls, accept: str | None) -> "Framing":
        """A browser asks for pictures and pages by name (Fetch, section 3.1.1); programs and scripts take anything."""
        return cls(draws="image/" in (accept or ""))

    @property
    def opening(self) -> bytes:
        """Before the first part."""
        return DELIMITER + BARE_HEAD if self.draws else DELIMITER

    def part(self, shown: Shown) -> bytes:
        """A part, up to where the next can begin."""
        return (b"" if self.draws else _head(shown)) + shown.jpeg + b"\r\n" + self.opening


def _head(shown: Shown) -> bytes:
    times = {} if shown.captured_at is None else capture_headers(shown.captured_at)
    lines = {"Content-Type": JPEG, "Content-Length": str(len(shown.jpeg)), **times}
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode() + b"\r\n"
