"""Each fault of a simulated camera as its clients meet it, and its undoing."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import islice

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from simulators.camera import CameraModel, CameraServer, serve_cameras
from simulators.faults import Fault
from simulators.rtsp.camera import CUTTING, Camera
from simulators.rtsp.ports import port_pair
from simulators.rtsp.recording import Codec
from simulators.rtsp.server import NOISE_BYTES
from simulators.scenery.scene import Scene
from tests.simulators.camera_clients import Client, connected, decoded, probed

SMALL = Scene(width=192, height=108, fps=5, seconds=2, brightness=0.4)
SIZE, HALF_SIZE = (108, 192), (54, 96)
ALL = {fault.value: SMALL for fault in Fault}


@pytest.fixture
async def server() -> AsyncIterator[CameraServer]:
    async with serve_cameras({"cam-01": SMALL, "cam-02": SMALL}) as server:
        yield server


@pytest.fixture
async def both_codecs() -> AsyncIterator[CameraServer]:
    """A camera of each codec, by its name."""
    async with serve_cameras({codec.value: CameraModel(scene=SMALL, codec=codec) for codec in Codec}) as server:
        yield server


@pytest.fixture
def camera(server: CameraServer) -> Camera:
    return server.camera("cam-01")


async def joined(client: Client) -> None:
    await client.play()
    await client.picture()


async def closed(client: Client) -> None:
    """Reads until the connection ends, as it must."""
    try:
        while await client.reader.read(65536):
            pass
    except ConnectionResetError:
        return


class Player:
    """FFmpeg's, by PyAV: every picture, decoded, with its timestamp."""

    def __init__(self, container: av.container.InputContainer) -> None:
        self._container = container
        self._frames = container.decode(video=0)

    async def pictures(self, number: int) -> list[tuple[int | None, NDArray[np.uint8]]]:
        """Timestamp in ticks of 1/90000 s, which FFmpeg does not tell of the first, and luma."""
        return await asyncio.to_thread(lambda: [_shown(frame) for frame in islice(self._frames, number)])

    async def until(self, is_so: Callable[[NDArray[np.uint8]], bool]) -> None:
        while not is_so((await self.pictures(1))[0][1]):
            pass


def _shown(frame: av.VideoFrame) -> tuple[int | None, NDArray[np.uint8]]:
    return frame.pts, frame.to_ndarray(format="gray")


@asynccontextmanager
async def watching(url: str) -> AsyncIterator[Player]:
    options = {"rtsp_transport": "tcp", "fpsprobesize": "0"}
    container = await asyncio.to_thread(av.open, url, options=options)
    try:
        yield Player(container)
    finally:
        await asyncio.to_thread(container.close)


async def test_after_every_fault_a_recovered_camera_plays_as_before() -> None:
    async with serve_cameras(ALL) as server:
        await asyncio.gather(*(server.camera(fault).suffer(fault) for fault in Fault))
        await asyncio.gather(*(server.camera(fault).recover() for fault in Fault))
        found = await asyncio.gather(*(probed(server.url(fault)) for fault in Fault))
    for streams, complaints in found:
        assert complaints == ""
        assert [(stream["codec_name"], stream["width"]) for stream in streams] == [("h264", 192)]


async def test_a_viewer_who_stays_through_a_fault_of_the_picture_sees_the_camera_recover(server: CameraServer) -> None:
    async with connected(server, "cam-01") as client:
        await joined(client)
        for fault in (Fault.FROZEN, Fault.RESIZED, Fault.LOSSY, Fault.GARBLED, Fault.STALLED, Fault.MUTE):
            await server.camera("cam-01").suffer(fault)
        await server.camera("cam-01").recover()
        await client.picture()


async def test_a_frozen_camera_streams_on_and_not_one_pixel_changes(both_codecs: CameraServer) -> None:
    async def freezes(name: str) -> None:
        async with watching(both_codecs.url(name)) as player:
            lively = await player.pictures(6)
        await both_codecs.camera(name).suffer(Fault.FROZEN)
        async with watching(both_codecs.url(name)) as player:
            frozen = await player.pictures(8)
        assert len({picture.tobytes() for _, picture in lively}) == 6
        assert len({picture.tobytes() for _, picture in frozen}) == 1
        assert [stamp for stamp, _ in frozen[1:]] == [18_000 * index for index in range(1, 8)]

    await asyncio.gather(*map(freezes, Codec))


async def test_without_a_picture_there_is_nothing_to_freeze(camera: Camera) -> None:
    await camera.suffer(Fault.AUDIO_ONLY)
    await camera.freeze()
    assert camera.mount.broadcast.recording.track.media == "audio"


async def test_freezing_twice_keeps_the_picture(camera: Camera) -> None:
    await camera.freeze()
    frozen = camera.mount.broadcast.recording
    await camera.freeze()
    assert camera.mount.broadcast.recording is frozen


async def test_a_player_follows_the_resolution_half_way_there_and_back(both_codecs: CameraServer) -> None:
    async def follows(name: str) -> None:
        camera = both_codecs.camera(name)
        async with watching(both_codecs.url(name)) as player:
            await player.until(lambda picture: picture.shape == SIZE)
            await camera.suffer(Fault.RESIZED)
            await player.until(lambda picture: picture.shape == HALF_SIZE)
            (stream,), _ = await probed(both_codecs.url(name))
            assert (stream["height"], stream["width"]) == HALF_SIZE
            await camera.recover()
            await player.until(lambda picture: picture.shape == SIZE)

    await asyncio.gather(*map(follows, Codec))


async def test_a_camera_shows_another_scene_to_those_who_watch_and_keeps_it(
    camera: Camera, server: CameraServer
) -> None:
    async with watching(server.url("cam-01")) as player:
        ((_, picture),) = await player.pictures(1)
        assert picture.mean() / 255 == pytest.approx(0.4, abs=0.05)
        await camera.show(replace(SMALL, brightness=0.9))
        await player.until(lambda picture: bool(picture.mean() / 255 > 0.85))
        await camera.suffer(Fault.FROZEN)
        await camera.recover()
        pictures = await player.pictures(6)
        assert all(picture.mean() / 255 > 0.85 for _, picture in pictures)


async def test_a_lossy_camera_leaves_gaps(camera: Camera, server: CameraServer) -> None:
    async with connected(server, "cam-01") as client:
        await joined(client)
        camera.drop_packets(0.5)
        number, missing = int.from_bytes((await client.media())[2:4]), 0
        while not missing:
            following = int.from_bytes((await client.media())[2:4])
            number, missing = following, (following - number) % 2**16 - 1


async def test_a_garbled_camera_sends_noise_under_right_headers(camera: Camera, server: CameraServer) -> None:
    known = {payload for unit in camera.mount.broadcast.recording.units for payload in unit.payloads}
    async with connected(server, "cam-01") as client:
        await camera.suffer(Fault.GARBLED)
        await client.play()
        packets = [await client.media() for _ in range(5)]
    numbers = [int.from_bytes(packet[2:4]) for packet in packets]
    assert numbers == [(numbers[0] + index) % 2**16 for index in range(5)]
    assert known.isdisjoint(packet[12:] for packet in packets)


async def test_a_stalled_camera_answers_and_sends_nothing(camera: Camera, server: CameraServer) -> None:
    async with connected(server, "cam-01") as client:
        await camera.suffer(Fault.STALLED)
        await client.play()
        assert "CSeq: 9\r\n" in await client.send(client.request("GET_PARAMETER", cseq=9))


async def test_a_mute_camera_does_not_answer_and_the_others_do(camera: Camera, server: CameraServer) -> None:
    await camera.suffer(Fault.MUTE)
    async with connected(server, "cam-01") as client:
        client.writer.write(client.request("OPTIONS", cseq=1) + client.request("DESCRIBE", cseq=2))
        client.url = server.url("cam-02")
        assert "CSeq: 3\r\n" in await client.send(client.request("OPTIONS", cseq=3))


async def test_who_plays_is_cut_by_every_fault_of_the_answers() -> None:
    async with serve_cameras(ALL) as server, AsyncExitStack() as stack:
        faults = (*CUTTING, Fault.AUDIO_ONLY)
        clients = [await stack.enter_async_context(connected(server, fault)) for fault in faults]
        await asyncio.gather(*(joined(client) for client in clients))
        for fault in faults:
            await server.camera(fault).suffer(fault)
        await asyncio.gather(*(closed(client) for client in clients))


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (Fault.BUSY, "503 Service Unavailable"),
        (Fault.NOT_FOUND, "404 Not Found"),
        (Fault.LOCKED, "401 Unauthorized"),
    ],
)
async def test_a_refusal_is_told_to_a_player(
    camera: Camera, server: CameraServer, fault: Fault, complaint: str
) -> None:
    await camera.suffer(fault)
    streams, complaints = await probed(server.url("cam-01"))
    assert streams == []
    assert complaint in complaints


async def test_a_camera_that_is_gone_resets_and_the_others_on_its_port_go_on(
    camera: Camera, server: CameraServer
) -> None:
    await camera.suffer(Fault.GONE)
    async with connected(server, "cam-01") as client, connected(server, "cam-02") as other:
        client.writer.write(client.request("OPTIONS"))
        with pytest.raises(ConnectionResetError):
            await client.reader.readexactly(1)
        await joined(other)


async def test_a_babbling_camera_answers_with_noise(camera: Camera, server: CameraServer) -> None:
    await camera.suffer(Fault.BABBLING)
    async with connected(server, "cam-01") as client:
        client.writer.write(client.request("OPTIONS"))
        assert not (await client.reader.readexactly(NOISE_BYTES)).startswith(b"RTSP")


async def test_a_camera_with_sound_only_sends_sound(camera: Camera, server: CameraServer) -> None:
    await camera.suffer(Fault.AUDIO_ONLY)
    url = server.url("cam-01")
    (streams, complaints), sound = await asyncio.gather(probed(url), decoded(url, "-t", "0.5", "-f", "s16le"))
    assert complaints == ""
    assert [(stream["codec_type"], stream["codec_name"]) for stream in streams] == [("audio", "pcm_mulaw")]
    samples = np.frombuffer(sound, "<i2")
    assert np.abs(samples).max() > 7000
    crossings = int(np.count_nonzero(np.diff(np.signbit(samples)))) / len(samples) * 8000
    assert crossings == pytest.approx(2 * 440, rel=0.05)


async def test_a_viewer_over_udp_is_cut_too(camera: Camera, server: CameraServer) -> None:
    with port_pair("127.0.0.1", socket.AF_INET) as (media, control):
        ports = f"{media.getsockname()[1]}-{control.getsockname()[1]}"
        async with connected(server, "cam-01") as client:
            await client.ask("SETUP", "/trackID=0", Transport=f"RTP/AVP;unicast;client_port={ports}")
            await client.ask("PLAY")
            camera.close_clients()
            await closed(client)
