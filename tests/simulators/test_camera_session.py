"""Sessions and broadcasts without a network: what is answered, and who gets which bytes."""

import asyncio
from collections.abc import Iterable

import pytest

from simulators.rtsp.broadcast import Broadcast, Viewer
from simulators.rtsp.recording import AccessUnit, Recording
from simulators.rtsp.requests import Request, Response
from simulators.rtsp.rtp import Sender
from simulators.rtsp.session import Session

KEY, DELTA = (AccessUnit(payloads=(name,), is_key=name == b"key") for name in (b"key", b"delta"))
LOOP = Recording(encoding="H264", parameters="packetization-mode=1", fps=2, units=(KEY, DELTA, DELTA))
BUFFER_BYTES = 1000


class WatchedTransport(asyncio.WriteTransport):
    """Keeps what is written, and says that `unread` bytes of it wait."""

    def __init__(self, unread: int = 0) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.unread = unread
        self.cut = False

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.sent += [bytes(data) for data in list_of_data]

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


def a_broadcast() -> Broadcast:
    return Broadcast(LOOP, Sender(1, "cam-01"), lambda: 0.0, BUFFER_BYTES)


def watching(broadcast: Broadcast, unread: int = 0) -> WatchedTransport:
    transport = WatchedTransport(unread)
    broadcast.join(Viewer(transport, (0, 1)))
    return transport


def send(broadcast: Broadcast, *indexes: int) -> None:
    for index in indexes:
        broadcast.send(index, captured=1000 + index / LOOP.fps)


def test_a_viewer_begins_with_a_key_frame_and_a_report_before_it() -> None:
    broadcast = a_broadcast()
    viewer = watching(broadcast)
    send(broadcast, 1, 2, 3, 4)
    assert viewer.media == [b"key", b"delta"]
    assert [data[1] for data in viewer.sent[:2]] == [1, 0]


def test_the_recording_is_played_again_and_again_while_the_timestamps_go_on() -> None:
    broadcast = a_broadcast()
    viewer = watching(broadcast)
    send(broadcast, *range(7))
    assert viewer.media == [b"key", b"delta", b"delta"] * 2 + [b"key"]
    stamps = [int.from_bytes(data[8:12]) for data in viewer.sent if data[1] == 0]
    assert stamps == [index * 45_000 for index in range(7)]


def test_every_report_ties_the_moment_of_capture_to_the_timestamp() -> None:
    broadcast = a_broadcast()
    viewer = watching(broadcast)
    send(broadcast, *range(5))
    moments = [(int.from_bytes(report[8:12]) - 2_208_988_800, report[12:16]) for report in viewer.reports]
    stamps = [int.from_bytes(report[16:20]) for report in viewer.reports]
    assert moments == [(1000, bytes(4)), (1001, b"\x80\0\0\0"), (1002, bytes(4))]  # key, key, and two seconds gone
    assert stamps == [0, 135_000, 180_000]


def test_all_viewers_get_the_same_packets_each_on_its_own_channels() -> None:
    broadcast = a_broadcast()
    first, second = watching(broadcast), WatchedTransport()
    broadcast.join(Viewer(second, (6, 7)))
    send(broadcast, 0, 1)
    assert [data[1] for data in second.sent] == [7, 6, 6]
    assert [data[2:] for data in first.sent] == [data[2:] for data in second.sent]


def test_a_stalled_camera_sends_nothing_and_keeps_its_viewers() -> None:
    broadcast = a_broadcast()
    viewer = watching(broadcast)
    broadcast.stall()
    send(broadcast, 0, 1, 2, 3)
    assert viewer.sent == []
    assert not viewer.cut


def test_a_resumed_camera_goes_on_with_a_key_frame() -> None:
    broadcast = a_broadcast()
    viewer = watching(broadcast)
    broadcast.stall()
    send(broadcast, 0, 1)
    broadcast.resume()
    send(broadcast, 2, 3, 4)
    assert viewer.media == [b"key", b"delta"]


def test_a_slow_viewer_is_cut_and_counted_and_the_others_go_on() -> None:
    broadcast = a_broadcast()
    slow, quick = watching(broadcast, unread=BUFFER_BYTES + 1), watching(broadcast, unread=BUFFER_BYTES)
    send(broadcast, 0, 1)
    assert slow.cut
    assert len(slow.media) == 1
    assert broadcast.slow_viewers == 1
    assert not quick.cut
    assert len(quick.media) == 2


def test_closing_cuts_every_viewer() -> None:
    broadcast = a_broadcast()
    viewers = [watching(broadcast), watching(broadcast)]
    broadcast.close_clients()
    send(broadcast, 0)
    assert all(viewer.cut and not viewer.sent for viewer in viewers)


class Conversation:
    def __init__(self) -> None:
        self.broadcast = a_broadcast()
        self.transport = WatchedTransport()
        self.session = Session("00000001", self.transport, {"cam-01": self.broadcast})

    def ask(self, method: str, path: str = "cam-01", **headers: str) -> Response:
        return self.session.answer(Request(method=method, uri=f"rtsp://host:8554/{path}", headers=headers))

    def set_up(self) -> Response:
        return self.ask("SETUP", "cam-01/trackID=0", transport="RTP/AVP/TCP;unicast;interleaved=0-1")


@pytest.fixture
def conversation() -> Conversation:
    return Conversation()


def test_options_lists_what_can_be_asked(conversation: Conversation) -> None:
    expected = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"
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


def test_a_uri_that_is_none_is_not_found(conversation: Conversation) -> None:
    request = Request(method="DESCRIBE", uri="rtsp://[", headers={})
    assert conversation.session.answer(request).status == 404


def test_after_setup_and_play_the_pictures_come(conversation: Conversation) -> None:
    answer = conversation.set_up()
    assert answer.headers["Session"] == "00000001;timeout=60"
    assert answer.headers["Transport"] == "RTP/AVP/TCP;unicast;interleaved=0-1"
    send(conversation.broadcast, 0)
    assert conversation.transport.media == []
    assert conversation.ask("PLAY", session="00000001").status == 200
    send(conversation.broadcast, 3)
    assert conversation.transport.media == [b"key"]


@pytest.mark.parametrize("leave", ["TEARDOWN", "hang up"])
def test_after_teardown_or_hanging_up_nothing_more_comes(conversation: Conversation, leave: str) -> None:
    conversation.set_up()
    conversation.ask("PLAY")
    if leave == "TEARDOWN":
        assert conversation.ask("TEARDOWN").status == 200
    else:
        conversation.session.end()
    send(conversation.broadcast, 0)
    assert conversation.transport.sent == []


def test_udp_is_refused_as_an_unsupported_transport(conversation: Conversation) -> None:
    assert conversation.ask("SETUP", transport="RTP/AVP;unicast;client_port=5000-5001").status == 461


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
