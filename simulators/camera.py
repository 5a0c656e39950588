"""Simulated RTSP cameras: one server on one port, a path for each camera.

    async with serve_cameras({"cam-01": Scene(brightness=0.5)}) as server:
        server.url("cam-01")                                 # rtsp://127.0.0.1:PORT/cam-01
        await server.camera("cam-01").suffer(Fault.STALLED)  # and recover()
        await server.camera("cam-01").show(another_scene)

A scene is drawn and encoded once, when it is first shown, and then replayed to all clients: twenty cameras of 1080p25
cost less than a tenth of a core.
"""

import asyncio
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from zlib import crc32

from simulators.rtsp.broadcast import Broadcast
from simulators.rtsp.camera import Camera
from simulators.rtsp.login import Guard, Login
from simulators.rtsp.mount import Mount
from simulators.rtsp.ports import port_pair
from simulators.rtsp.recording import Codec, Recording, Take
from simulators.rtsp.reel import Reel
from simulators.rtsp.rtp import Sender
from simulators.rtsp.server import serving
from simulators.rtsp.studio import Studio
from simulators.scenery.scene import Scene

CLIENT_BUFFER_BYTES = 1 << 20  # some 20 s of the default scene
SECRET_BYTES = 16


class EncoderMissingError(RuntimeError):
    """The simulated camera encodes with PyAV, which is not here: install the dependency group `simulate`."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraModel:
    """What it looks at, how it encodes that, and what it asks its clients for."""

    scene: Scene
    codec: Codec = Codec.H264
    login: Login | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Puts cameras together."""

    studio: Studio
    now: Callable[[], float]
    entropy: Callable[[int], bytes]
    client_buffer_bytes: int

    async def camera(self, name: str, model: CameraModel) -> Camera:
        seed = crc32(name.encode())
        take = Take(scene=model.scene, codec=model.codec)
        # Each begins elsewhere in its loop: cameras whose key frames all come at the same moment would be none.
        reel = Reel(await self.studio.recording(take), seed)
        mount = Mount(
            broadcast=Broadcast(reel, Sender(seed, name), self.now, self.client_buffer_bytes),
            guard=self._guard(model.login) if model.login else None,
            noise=Random(seed),
        )
        unknown = Login(user="admin", password=self.entropy(SECRET_BYTES).hex())
        return Camera(take, mount, self.studio, self._guard(unknown))

    def _guard(self, login: Login) -> Guard:
        return Guard(login, self.entropy(SECRET_BYTES), self.now)


class CameraServer:
    """The cameras that are being served, by name. An unknown name raises KeyError."""

    def __init__(self, authority: str, cameras: Mapping[str, Camera]) -> None:
        self._authority = authority
        self._cameras = cameras

    def url(self, name: str) -> str:
        """Without the login."""
        self.camera(name)
        return f"rtsp://{self._authority}/{name}"

    def camera(self, name: str) -> Camera:
        return self._cameras[name]


@asynccontextmanager
async def serve_cameras(
    cameras: Mapping[str, Scene | CameraModel],
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    now: Callable[[], float] = time.time,
    entropy: Callable[[int], bytes] = secrets.token_bytes,
    client_buffer_bytes: int = CLIENT_BUFFER_BYTES,
) -> AsyncIterator[CameraServer]:
    """Serve each camera at the path of its name until the block ends; port 0 takes a free one.

    A name may have a slash, as `cam-01/sub`; a scene alone is a camera of H.264 without a login. `now`, in seconds
    since 1970, dates the pictures in the sender reports; `entropy` makes secrets of so many bytes. A client that leaves
    more than `client_buffer_bytes` unread, beside as much in the kernel, is disconnected. Raises EncoderMissingError
    without PyAV, and OSError when the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with _reserved(host, port, family) as listener, port_pair(host, family) as sockets:
        # Accepted connections inherit it; the kernel would let each grow to 4 MB.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, client_buffer_bytes)
        workshop = Workshop(
            studio=Studio(await asyncio.to_thread(_recorder)),
            now=now,
            entropy=entropy,
            client_buffer_bytes=client_buffer_bytes,
        )
        served = {name: await workshop.camera(name, _model(camera)) for name, camera in cameras.items()}
        async with serving({name: camera.mount for name, camera in served.items()}, listener, sockets):
            yield CameraServer(_authority(listener), served)


def _reserved(host: str, port: int, family: socket.AddressFamily) -> socket.socket:
    """Bound, not yet listening: as long as the pictures are being encoded, clients are refused and come again."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _recorder() -> Callable[[Take], Recording]:
    try:
        from simulators.rtsp.encode import record  # noqa: PLC0415 - PyAV is no dependency of the product, which imports us
    except ModuleNotFoundError as missing:
        raise EncoderMissingError from missing
    return record


def _model(camera: Scene | CameraModel) -> CameraModel:
    return camera if isinstance(camera, CameraModel) else CameraModel(scene=camera)


def _authority(listener: socket.socket) -> str:
    address, port = listener.getsockname()[:2]
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
