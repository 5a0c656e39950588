"""One camera that is being served, and what can be done to it while it is."""

from dataclasses import replace

from simulators.faults import Fault
from simulators.rtsp.login import Guard
from simulators.rtsp.mount import Mount
from simulators.rtsp.recording import Take
from simulators.rtsp.spoil import garbled, lossy, whole
from simulators.rtsp.studio import Studio
from simulators.rtsp.tone import tone
from simulators.scenery.scene import Scene

LOSS_SHARE = 0.05  # of the packets: enough to spoil most GOPs of a 720p camera
CUTTING = (Fault.DISCONNECTED, Fault.BUSY, Fault.NOT_FOUND, Fault.LOCKED, Fault.BABBLING, Fault.GONE)


class Camera:
    """Shows one take; a fault of its picture shows another, and the rest spoil what is sent or answered.

    `mount` is what clients meet. `lock` lets nobody in.
    """

    def __init__(self, take: Take, mount: Mount, studio: Studio, lock: Guard) -> None:
        self._home = take
        self._shown: Take | None = take  # None: no picture at all
        self.mount = mount
        self._broadcast = mount.broadcast
        self._studio = studio
        self._guard = mount.guard
        self._lock = lock

    @property
    def slow_viewers(self) -> int:
        """How many were disconnected because they did not read."""
        return self._broadcast.slow_viewers

    def stall(self) -> None:
        self._broadcast.stall()

    def resume(self) -> None:
        self._broadcast.resume()

    def close_clients(self) -> None:
        self._broadcast.close_clients()

    async def show(self, scene: Scene) -> None:
        """Look at another scene, from the next key frame after it is encoded; it may differ in everything, size too.

        A camera that was frozen, resized or had sound only has a picture that lives again.
        """
        self._home = replace(self._home, scene=scene)
        await self._play(self._home)

    async def freeze(self) -> None:
        """Show the picture of the next key frame for ever; what does not move already stays as it is."""
        if self._shown == self._home:
            await self._play(replace(self._home, still=self._broadcast.next_key))

    def drop_packets(self, share: float) -> None:
        """Lose each media packet with this probability."""
        self._broadcast.spoil = lossy(share, self.mount.noise)

    async def suffer(self, fault: Fault) -> None:
        """Have this fault and no other, in the scene that was shown last."""
        await self.recover()
        self.mount.fault = fault
        match fault:
            case Fault.FROZEN:
                await self.freeze()
            case Fault.RESIZED:
                await self._play(replace(self._home, scene=_halved(self._home.scene)))
            case Fault.LOSSY:
                self.drop_packets(LOSS_SHARE)
            case Fault.GARBLED:
                self._broadcast.spoil = garbled(self.mount.noise)
            case Fault.STALLED | Fault.MUTE:
                self.stall()
            case Fault.LOCKED:
                self.mount.guard = self._lock
            case Fault.AUDIO_ONLY:
                self._shown = None
                self._broadcast.show(tone())
        if fault in CUTTING:
            self.close_clients()

    async def recover(self) -> None:
        """Undo every fault. Whoever still plays has the scene again from the next key frame on."""
        self.mount.fault = None
        self.mount.guard = self._guard
        self._broadcast.spoil = whole
        self._broadcast.resume()
        await self._play(self._home)

    async def _play(self, take: Take) -> None:
        recording = await self._studio.recording(take)
        self._shown = take
        self._broadcast.show(recording)


def _halved(scene: Scene) -> Scene:
    """Of half the width and height; both stay even."""
    return replace(scene, width=scene.width // 4 * 2, height=scene.height // 4 * 2)
