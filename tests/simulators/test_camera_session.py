"""Sessions and broadcasts: what is answered, and who gets which bytes. Over TCP without a network."""

import asyncio
import socket
from collections.abc import Iterator
from random import Random

import pytest

from simulators.faults import Fault
from simulators.rtsp.broadcast import Broadcast
from simulators.rtsp.login import Guard, Login
from simulators.rtsp.mount import Mount
from simulators.rtsp.ports import port_pair
from simulators.rtsp.recording import AccessUnit, Recording, Track
from simulators.rtsp.reel import Reel
from simulators.rtsp.requests import Request, Response
from simulators.rtsp.rtp import Sender
from simulators.rtsp.session import Session
from simulators.rtsp.spoil import lossy, whole
from simulators.rtsp.tone import tone
from simulators.rtsp.transports import Channels
from simulators.rtsp.viewers import InterleavedViewer, interleaved

KEY, DELTA = (AccessUnit(payloads=(name,), is_key=name == b"key") for name in (b"key", b"delta"))
VIDEO = Track(
    media="video",
    control="trackID=0",
    payload_type=96,
    encoding="H264",
    clock_hz=90_000,
    parameters="packetization-mode=1",
)
LOOP = Recording(track=VIDEO, rate=2, units=(KEY, DELTA, DELTA))
BUFFER_BYTES = 1000


class WatchedTransport(asyncio.WriteTransport):
    """Keeps the interleaved packets that are written, and says that `unread` bytes of them wait."""

    def __init__(self, unread: int = 0) -> None:
        super().__init__({"peername": ("127.0.0.1", 40000)})
        self.sent: list[bytes] = []
        self.unread = unread
        self.cut = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        rest = bytes(data)
        while rest:
            end = 4 + int.from_bytes(rest[2:4])
            self.sent.append(rest[:end])
            rest = rest[end:]

    def get_write_buffer_size(self) -> int:
        return self.unread

    def abort(self) -> None:
        self.cut = True

    @property
    def media(self) -> list[bytes]:
        """The payloads that came on channel 0: after 4 bytes of interleaving and 12 of RTP."""
        return [data[16:] for data in self.sent if data[1] == 0]

    @property
    def reports(self) -> list[bytes]:
        return [data[4:] for data in self.sent if data[1] == 1]


def a_broadcast(index: int = 0) -> Broadcast:
    return Broadcast(Reel(LOOP, index), Sender(1, "cam-01"), lambda: 0.0, BUFFER_BYTES)


def watching(broadcast: Broadcast, unread: int = 0) -> WatchedTransport:
    transport = WatchedTransport(unread)
    broadcast.join(InterleavedViewer(transport, Channels(media=0, control=1)))
    return transport


def send(broadcast: Broadcast, units: int) -> None:
    """The next units, half a second apart; the first of all was captured at second 1000."""
    for _ in range(units):
        broadcast.send(captured=1000 + float(broadcast._reel.seconds))


def test_an_interleaved_packet_begins_with_dollar_channel_and_length() -> None:
    assert interleaved(3, b"abc") == b"$\x03\x00\x03abc"


def test_a_viewer_begins_with_a_key_frame_and_a_report_before_it() -> None:
    broadcast = a_broadcast(index=1)
    viewer = watching(broadcast)
    send(broadcast, 4)
    assert viewer.media == [b"key", b"delta"]
    assert [data[1] for data in viewer.sent[:2]] == [1, 0]


def test_every_report_ties_the_moment_of_capture_to_the_timestamp() -> None:
    broadcast = a_broadcast()
    viewer = watching(broadcast)
    send(broadcast, 5)
    moments = [(int.from_bytes(report[8:12]) - 2_208_988_800, report[12:16]) for report in viewer.reports]
    stamps = [int.from_bytes(report[16:20]) for report in viewer.reports]
    assert moments == [(1000, bytes(4)), (1001, b"\x80\0\0\0")]  # one before each key frame
    assert stamps == [0, 135_000]


def test_within_a_long_gop_a_report_comes_every_two_seconds() -> None:
    long = Recording(track=VIDEO, rate=2, units=(KEY, *[DELTA] * 19))
    broadcast = Broadcast(Reel(long), Sender(1, "cam-01"), lambda: 0.0, BUFFER_BYTES)
    viewer = watching(broadcast)
    send(broadcast, 20)
    assert [int.from_bytes(report[16:20]) / 90_000 for report in viewer.reports] == [0, 2, 4, 6, 8]


def test_all_viewers_get_the_same_packets_each_on_its_own_channels() -> None:
    broadcast = a_broadcast()
    first, second = watching(broadcast), WatchedTransport()
    broadcast.join(InterleavedViewer(second, Channels(media=6, control=7)))
    send(broadcast, 2)
    assert [data[1] for data in second.sent] == [7, 6, 6]
    assert [data[2:] for data in first.sent] == [data[2:] for data in second.sent]


def test_a_stalled_camera_sends_nothing_and_keeps_its_viewers() -> None:
    broadcast = a_broadcast()
    viewer = watching(broadcast)
    broadcast.stall()
    send(broadcast, 4)
    assert viewer.sent == []
    assert not viewer.cut


def test_a_resumed_camera_goes_on_with_a_key_frame() -> None:
    broadcast = a_broadcast()
    viewer = watching(broadcast)
    send(broadcast, 1)
    broadcast.stall()
    send(broadcast, 1)
    broadcast.resume()
    send(broadcast, 3)
    assert viewer.media == [b"key", b"key", b"delta"]


def test_resuming_a_camera_that_sends_costs_nobody_a_picture() -> None:
    broadcast = a_broadcast()
    viewer = watching(broadcast)
    send(broadcast, 1)
    broadcast.resume()
    send(broadcast, 2)
    assert viewer.media == [b"key", b"delta", b"delta"]


def test_what_the_line_loses_shows_as_a_gap_in_the_numbers() -> None:
    broadcast = a_broadcast()
    viewer = watching(broadcast)
    send(broadcast, 1)
    broadcast.spoil = lossy(1.0, Random(1))
    send(broadcast, 1)
    broadcast.spoil = whole
    send(broadcast, 1)
    numbers = [int.from_bytes(data[6:8]) for data in viewer.sent if data[1] == 0]
    assert numbers == [0xFF00, 0xFF02]


def test_a_slow_viewer_is_cut_and_counted_and_the_others_go_on() -> None:
    broadcast = a_broadcast()
    slow, quick = watching(broadcast, unread=BUFFER_BYTES + 1), watching(broadcast, unread=BUFFER_BYTES)
    send(broadcast, 2)
    assert slow.cut
    assert len(slow.media) == 1
    assert broadcast.slow_viewers == 1
    assert not quick.cut
    assert len(quick.media) == 2


def test_closing_cuts_every_viewer() -> None:
    broadcast = a_broadcast()
    viewers = [watching(broadcast), watching(broadcast)]
    broadcast.close_clients()
    send(broadcast, 1)
    assert all(viewer.cut and not viewer.sent for viewer in viewers)


def test_another_picture_keeps_the_viewers_and_sound_instead_cuts_them() -> None:
    broadcast = a_broadcast()
    viewer = watching(broadcast)
    broadcast.show(Recording(track=VIDEO, rate=5, units=(KEY,)))
    assert not viewer.cut
    broadcast.show(tone())
    assert viewer.cut


@pytest.fixture
def sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    with port_pair("127.0.0.1", socket.AF_INET) as sockets:
        yield sockets


class Conversation:
    def __init__(self, sockets: tuple[socket.socket, socket.socket], path: str = "cam-01") -> None:
        self.broadcast = a_broadcast()
        self.mount = Mount(broadcast=self.broadcast, guard=None, noise=Random(1))
        self.transport = WatchedTransport()
        self.session = Session("00000001", self.transport, sockets, {path: self.mount})
        self.path = path

    def ask(self, method: str, path: str | None = None, **headers: str) -> Response:
        uri = f"rtsp://host:8554/{self.path if path is None else path}"
        return self.session.answer(Request(method=method, uri=uri, headers=headers))

    def set_up(self, transport: str = "RTP/AVP/TCP;unicast;interleaved=0-1") -> Response:
        return self.ask("SETUP", f"{self.path}/trackID=0", transport=transport)


@pytest.fixture
def conversation(sockets: tuple[socket.socket, socket.socket]) -> Conversation:
    return Conversation(sockets)


def test_options_lists_what_can_be_asked(conversation: Conversation) -> None:
    expected = "OPTIONS, GET_PARAMETER, TEARDOWN, DESCRIBE, SETUP, PLAY"
    assert conversation.ask("OPTIONS").headers["Public"] == expected


def test_describe_says_how_the_video_is_coded_and_where_its_track_is(conversation: Conversation) -> None:
    answer = conversation.ask("DESCRIBE")
    lines = answer.body.decode().split("\r\n")
    assert answer.headers["Content-Base"] == "rtsp://host:8554/cam-01/"
    assert "m=video 0 RTP/AVP 96" in lines
    assert "a=rtpmap:96 H264/90000" in lines
    assert "a=fmtp:96 packetization-mode=1" in lines
    assert "a=control:trackID=0" in lines


@pytest.mark.parametrize("method", ["DESCRIBE", "SETUP"])
@pytest.mark.parametrize("path", ["cam-02", "", "cam-01/trackID=1", "[broken"])
def test_a_camera_that_does_not_exist_is_not_found(conversation: Conversation, method: str, path: str) -> None:
    assert conversation.ask(method, path).status == 404


def test_playing_another_camera_than_was_set_up_is_not_valid(sockets: tuple[socket.socket, socket.socket]) -> None:
    conversation = Conversation(sockets)
    other = Mount(broadcast=a_broadcast(), guard=None, noise=Random(1))
    conversation.session._mounts = {"cam-01": conversation.mount, "cam-02": other}
    conversation.set_up()
    assert conversation.ask("PLAY", "cam-02").status == 455


def test_a_uri_that_is_none_is_not_found(conversation: Conversation) -> None:
    request = Request(method="DESCRIBE", uri="rtsp://[", headers={})
    assert conversation.session.answer(request).status == 404


def test_after_setup_and_play_the_pictures_come(conversation: Conversation) -> None:
    answer = conversation.set_up()
    assert answer.headers["Session"] == "00000001;timeout=60"
    assert answer.headers["Transport"] == "RTP/AVP/TCP;unicast;interleaved=0-1"
    send(conversation.broadcast, 3)
    assert conversation.transport.media == []
    assert conversation.ask("PLAY", session="00000001").status == 200
    send(conversation.broadcast, 1)
    assert conversation.transport.media == [b"key"]


@pytest.mark.parametrize("leave", ["TEARDOWN", "hang up"])
def test_after_teardown_or_hanging_up_nothing_more_comes(conversation: Conversation, leave: str) -> None:
    conversation.set_up()
    conversation.ask("PLAY")
    if leave == "TEARDOWN":
        assert conversation.ask("TEARDOWN").status == 200
    else:
        conversation.session.end()
    send(conversation.broadcast, 1)
    assert conversation.transport.sent == []


def test_over_udp_media_and_reports_come_from_the_ports_that_were_named(
    conversation: Conversation, sockets: tuple[socket.socket, socket.socket]
) -> None:
    with port_pair("127.0.0.1", socket.AF_INET) as (media, control):
        ports = media.getsockname()[1], control.getsockname()[1]
        answer = conversation.set_up("RTP/AVP;unicast;client_port={}-{}".format(*ports))
        named = "RTP/AVP;unicast;client_port={}-{};server_port={}-{}"
        own = sockets[0].getsockname()[1], sockets[1].getsockname()[1]
        assert answer.headers["Transport"] == named.format(*ports, *own)
        conversation.ask("PLAY")
        send(conversation.broadcast, 1)
        packet, sender = media.recvfrom(2000)
        assert (packet[12:], sender[1]) == (b"key", own[0])
        report, reporter = control.recvfrom(2000)
        assert (report[1], reporter[1]) == (200, own[1])
        assert conversation.ask("TEARDOWN").status == 200
        send(conversation.broadcast, 3)
        with pytest.raises(BlockingIOError):
            media.recvfrom(2000)


def test_who_watches_over_udp_is_cut_by_closing_its_connection(conversation: Conversation) -> None:
    conversation.set_up("RTP/AVP;unicast;client_port=5000-5001")
    conversation.ask("PLAY")
    conversation.broadcast.close_clients()
    assert conversation.transport.cut


def test_an_unknown_transport_is_unsupported(conversation: Conversation) -> None:
    assert conversation.set_up("RTP/AVP;multicast").status == 461


def test_a_name_may_have_a_slash(sockets: tuple[socket.socket, socket.socket]) -> None:
    sub = Conversation(sockets, path="cam-01/sub")
    assert sub.ask("DESCRIBE").headers["Content-Base"] == "rtsp://host:8554/cam-01/sub/"
    assert sub.ask("DESCRIBE", "cam-01").status == 404
    assert sub.set_up().status == 200
    assert sub.ask("PLAY", "cam-01/sub/").status == 200


def test_without_the_login_all_but_what_is_open_is_refused(conversation: Conversation) -> None:
    conversation.mount.guard = Guard(Login(user="u", password="p"), b"secret", lambda: 0.0)
    for method in ("DESCRIBE", "SETUP", "PLAY"):
        answer = conversation.ask(method)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Digest ")
    assert conversation.ask("OPTIONS").status == 200


@pytest.mark.parametrize(("fault", "status"), [(Fault.BUSY, 503), (Fault.NOT_FOUND, 404)])
def test_a_camera_that_refuses_says_so_before_it_asks_for_a_login(
    conversation: Conversation, fault: Fault, status: int
) -> None:
    conversation.mount.guard = Guard(Login(user="u", password="p"), b"secret", lambda: 0.0)
    conversation.mount.fault = fault
    assert conversation.ask("DESCRIBE").status == status


def test_of_a_camera_with_sound_only_no_picture_can_be_asked_for(conversation: Conversation) -> None:
    conversation.set_up()
    conversation.broadcast.show(tone())
    lines = conversation.ask("DESCRIBE").body.decode().split("\r\n")
    assert [line for line in lines if line[:2] == "m="] == ["m=audio 0 RTP/AVP 0"]
    assert "a=rtpmap:0 PCMU/8000" in lines
    assert conversation.ask("PLAY").status == 455
    assert conversation.set_up().status == 404
    assert conversation.ask("SETUP", "cam-01/trackID=1", transport="RTP/AVP/TCP").status == 200


def test_play_before_setup_is_not_valid(conversation: Conversation) -> None:
    assert conversation.ask("PLAY").status == 455


def test_setup_while_playing_is_not_valid(conversation: Conversation) -> None:
    conversation.set_up()
    conversation.ask("PLAY")
    assert conversation.set_up().status == 455


def test_another_clients_session_is_not_found(conversation: Conversation) -> None:
    conversation.set_up()
    assert conversation.ask("PLAY", session="00000002").status == 454


def test_a_keep_alive_is_answered(conversation: Conversation) -> None:
    assert conversation.ask("GET_PARAMETER", session="00000001").status == 200


def test_a_method_that_we_do_not_have_is_not_implemented(conversation: Conversation) -> None:
    assert conversation.ask("RECORD").status == 501
