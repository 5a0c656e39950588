"""One camera's stream, live: a clock of its own, and everyone who watches."""

import asyncio
from collections.abc import Callable
from fractions import Fraction

from simulators.rtsp.recording import Recording
from simulators.rtsp.reel import Reel, Shot
from simulators.rtsp.rtp import Sender
from simulators.rtsp.spoil import Spoil, whole
from simulators.rtsp.viewers import Burst, Viewer

REPORT_SECONDS = 2


class Broadcast:
    """Sends the same packets to all viewers at the recording's pace, and goes on when nobody watches, as a camera does.

    A viewer begins with a key frame, so that its first picture is whole. One that leaves more than `buffer_bytes`
    unread is disconnected and counted in `slow_viewers`: the others never wait for it, and memory stays bounded.
    """

    def __init__(self, reel: Reel, sender: Sender, now: Callable[[], float], buffer_bytes: int) -> None:
        self.slow_viewers = 0
        self.spoil: Spoil = whole
        self._reel = reel
        self._sender = sender
        self._now = now
        self._buffer_bytes = buffer_bytes
        self._waiting: set[Viewer] = set()  # for a key frame
        self._watching: set[Viewer] = set()
        self._stalled = False
        self._reported = Fraction(0)

    @property
    def recording(self) -> Recording:
        """What a client that comes now will see."""
        return self._reel.recording

    @property
    def next_key(self) -> int:
        """Which unit of the recording the next key frame is."""
        return self._reel.next_key

    def show(self, recording: Recording) -> None:
        """Play another recording from the next key frame on; one of other media at once, and everyone is cut."""
        cuts = recording.track.media != self.recording.track.media
        self._reel.change(recording)
        if cuts:
            self.close_clients()

    def join(self, viewer: Viewer) -> None:
        if viewer not in self._watching:
            self._waiting.add(viewer)

    def leave(self, viewer: Viewer) -> None:
        self._waiting.discard(viewer)
        self._watching.discard(viewer)

    def stall(self) -> None:
        """Send nothing more, to new clients neither, but keep every connection and keep answering requests."""
        self._stalled = True

    def resume(self) -> None:
        """Send again, to everyone from the next key frame on. What was not sent is lost, as in life."""
        if self._stalled:
            self._stalled = False
            self._waiting |= self._watching
            self._watching.clear()

    def close_clients(self) -> None:
        """Cut the connection of everyone who plays; they may come back at once."""
        for viewer in self._waiting | self._watching:
            self._cut(viewer)

    async def play(self) -> None:
        """For ever. A late event loop catches up instead of skipping: a skipped picture would spoil its whole GOP."""
        loop = asyncio.get_running_loop()
        begin = loop.time() - float(self._reel.seconds)
        while True:
            due = begin + float(self._reel.seconds)
            await asyncio.sleep(max(0.0, due - loop.time()))  # also when late: the others get their turn
            self.send(captured=self._now() - (loop.time() - due))

    def send(self, captured: float) -> None:
        """Give what is due next to all viewers; `captured` in seconds since 1970."""
        due, shot = self._reel.seconds, self._reel.advance()
        if shot.unit.is_key:
            self._watching |= self._waiting
            self._waiting.clear()
        if self._stalled or not self._watching:
            return
        burst = Burst(self._reports(shot, due, captured), self._packets(shot))
        for viewer in tuple(self._watching):
            self._deliver(viewer, burst)

    def _reports(self, shot: Shot, due: Fraction, captured: float) -> list[bytes]:
        """One goes before every key frame: who joins there knows the time at once."""
        if not shot.unit.is_key and due - self._reported < REPORT_SECONDS:
            return []
        self._reported = due
        return [self._sender.report(captured, shot.timestamp)]

    def _packets(self, shot: Shot) -> list[bytes]:
        return self.spoil(self._sender.packets(shot.unit.payloads, shot.timestamp, shot.track))

    def _deliver(self, viewer: Viewer, burst: Burst) -> None:
        viewer.send(burst)
        if viewer.unread_bytes > self._buffer_bytes:
            self.slow_viewers += 1
            self._cut(viewer)

    def _cut(self, viewer: Viewer) -> None:
        self.leave(viewer)
        viewer.cut()
