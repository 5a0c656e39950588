"""Recordings, each made once however many cameras show it."""

import asyncio
from collections.abc import Callable

from simulators.rtsp.recording import Recording, Take

SHELF = 64  # recordings, of some megabytes each


class Studio:
    """Makes recordings one at a time, off the event loop, and keeps the last `SHELF` that were asked for.

    One that had to go plays on where it plays, and is made anew when it is asked for again.
    """

    def __init__(self, record: Callable[[Take], Recording]) -> None:
        self._record = record
        self._shelf: dict[Take, Recording] = {}  # the least recently asked for first
        self._recording = asyncio.Lock()

    async def recording(self, take: Take) -> Recording:
        """Raises what recording raises: the next who asks makes another attempt."""
        if take not in self._shelf:
            async with self._recording:
                if take not in self._shelf:  # else another camera asked for it while we waited
                    self._keep(take, await asyncio.to_thread(self._record, take))
        recording = self._shelf.pop(take)
        self._shelf[take] = recording
        return recording

    def _keep(self, take: Take, recording: Recording) -> None:
        self._shelf[take] = recording
        if len(self._shelf) > SHELF:
            del self._shelf[next(iter(self._shelf))]
