"""One camera's picture, live: a clock of its own, and everyone who watches."""

import asyncio
from collections.abc import Callable
from itertools import count

from simulators.rtsp.recording import AccessUnit, Recording
from simulators.rtsp.rtp import VIDEO_CLOCK_HZ, Sender, interleaved

REPORT_SECONDS = 2


class Viewer:
    """One client that plays. It begins with a key frame, so that its first picture is whole."""

    def __init__(self, transport: asyncio.WriteTransport, channels: tuple[int, int]) -> None:
        self.transport = transport
        self.channels = channels
        self.waits_for_key = True


class Broadcast:
    """Sends the same packets to all viewers at the recording's pace, and goes on when nobody watches, as a camera does.

    A viewer that leaves more than `buffer_bytes` unread is disconnected and counted in `slow_viewers`:
    the others never wait for it, and memory stays bounded.
    """

    def __init__(self, recording: Recording, sender: Sender, now: Callable[[], float], buffer_bytes: int) -> None:
        self.recording = recording
        self.slow_viewers = 0
        self._sender = sender
        self._now = now
        self._buffer_bytes = buffer_bytes
        self._viewers: set[Viewer] = set()
        self._stalled = False

    def join(self, viewer: Viewer) -> None:
        self._viewers.add(viewer)

    def leave(self, viewer: Viewer) -> None:
        self._viewers.discard(viewer)

    def stall(self) -> None:
        """Send nothing more, to new clients neither, but keep every connection and keep answering requests."""
        self._stalled = True

    def resume(self) -> None:
        """Send again, to everyone from the next key frame on. What was not sent is lost, as in life."""
        self._stalled = False
        for viewer in self._viewers:
            viewer.waits_for_key = True

    def close_clients(self) -> None:
        """Cut the connection of everyone who plays; they may come back at once."""
        for viewer in tuple(self._viewers):
            self._cut(viewer)

    async def play(self) -> None:
        """For ever. A late event loop catches up instead of skipping: a skipped picture would spoil its whole GOP."""
        loop = asyncio.get_running_loop()
        begin = loop.time()
        for index in count():
            due = begin + index / self.recording.fps
            await asyncio.sleep(max(0.0, due - loop.time()))  # also when late: the others get their turn
            self.send(index, captured=self._now() - (loop.time() - due))

    def send(self, index: int, captured: float) -> None:
        """Give the picture number `index`, counted from the start, to all viewers; `captured` in seconds since 1970."""
        unit = self.recording.units[index % len(self.recording.units)]
        if unit.is_key:
            for viewer in self._viewers:
                viewer.waits_for_key = False
        watching = [viewer for viewer in self._viewers if not viewer.waits_for_key]
        if self._stalled or not watching:
            return
        reports, packets = self._packets(unit, index, captured)
        for viewer in watching:
            self._deliver(viewer, reports, packets)

    def _packets(self, unit: AccessUnit, index: int, captured: float) -> tuple[list[bytes], list[bytes]]:
        """Reports and media packets. A report goes before every key frame: who joins there knows the time at once."""
        timestamp = index * VIDEO_CLOCK_HZ // self.recording.fps
        due = unit.is_key or index % (REPORT_SECONDS * self.recording.fps) == 0
        reports = [self._sender.report(captured, timestamp)] if due else []
        return reports, self._sender.packets(unit.payloads, timestamp)

    def _deliver(self, viewer: Viewer, reports: list[bytes], packets: list[bytes]) -> None:
        media, control = viewer.channels
        viewer.transport.writelines(
            [interleaved(control, report) for report in reports] + [interleaved(media, packet) for packet in packets]
        )
        if viewer.transport.get_write_buffer_size() > self._buffer_bytes:
            self.slow_viewers += 1
            self._cut(viewer)

    def _cut(self, viewer: Viewer) -> None:
        self.leave(viewer)
        viewer.transport.abort()
