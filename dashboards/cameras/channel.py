"""What is shown of one camera, picture after picture, so that nobody takes old for new."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dashboards.cameras import latest
from dashboards.cameras.captions import Captions
from dashboards.cameras.freshness import is_fresh
from dashboards.cameras.multipart import Shown
from dashboards.cameras.placard import jpeg, placard
from dashboards.cameras.viewers import Viewer

PLACARD_SIZE = 640, 360


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One camera as it is streamed. `noted` writes a look down, and says whether it could; `clock` counts seconds."""

    camera: str
    name: str
    folder: Path
    captions: Captions
    fresh_seconds: float
    poll_seconds: float
    repeat_seconds: float
    noted: Callable[[], bool]
    now: Callable[[], datetime]
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def pictures(self, viewer: Viewer) -> AsyncIterator[Shown]:
        """Each frame once, as soon as it is there; while there is no fresh one, a placard every repeat_seconds.

        Whoever takes long is not owed what came meanwhile: next is the newest there is when he asks for it.
        """
        sent, placard_at = None, -math.inf
        while not viewer.closed:
            captured_at = await asyncio.to_thread(latest.capture_time, self.folder, self.camera)
            if not is_fresh(captured_at, self.now(), self.fresh_seconds):
                if self.clock() >= placard_at:
                    yield await asyncio.to_thread(self._placard, captured_at)
                    sent, placard_at = None, self.clock() + self.repeat_seconds
            elif captured_at != sent and (frame := await asyncio.to_thread(latest.read, self.folder, self.camera)):
                if not self.noted():
                    return
                yield Shown(frame.jpeg, frame.captured_at)
                sent, placard_at = frame.captured_at, -math.inf
            await self.sleep(self.poll_seconds)

    def _placard(self, captured_at: datetime | None) -> Shown:
        picture = placard(*PLACARD_SIZE, self.name, self.captions.missing(captured_at, self.now()))
        return Shown(jpeg(picture), None)
