import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.rtsp.message import MAX_BODY_BYTES, Answer, NotRtspError, body_length, parse_head
from video.rtsp.sdp import VideoTrack, video_track

CAMERA = b"""v=0\r
o=- 1 1 IN IP4 10.0.0.7\r
s=Media Presentation\r
t=0 0\r
m=audio 0 RTP/AVP 8\r
a=rtpmap:8 PCMA/8000\r
a=control:trackID=2\r
m=video 0 RTP/AVP 96\r
a=rtpmap:96 H264/90000\r
a=framerate:25.0\r
a=x-dimensions:1920,1080\r
a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z00AKZpmA8ARPyzUBAQFAAADA+gAAMNQBA==,aO48gA==\r
a=control:trackID=1\r
"""


def test_the_video_track_is_found_among_others() -> None:
    assert video_track(CAMERA) == VideoTrack(
        codec="H264",
        frames_per_second=25.0,
        shape=("sprop-parameter-sets=Z00AKZpmA8ARPyzUBAQFAAADA+gAAMNQBA==,aO48gA==", "x-dimensions:1920,1080"),
        control="trackID=1",
    )


def test_parameter_sets_of_h265_tell_its_shape() -> None:
    track = video_track(
        b"v=0\nm=video 0 RTP/AVP 98\na=rtpmap:98 h265/90000\na=fmtp:98 sprop-vps=QAE=; sprop-sps=QgE=; sprop-pps=RAE=\n"
    )
    assert track is not None
    assert (track.codec, track.shape) == ("H265", ("sprop-pps=RAE=", "sprop-sps=QgE=", "sprop-vps=QAE="))


def test_sound_alone_is_no_video() -> None:
    assert video_track(CAMERA[: CAMERA.index(b"m=video")]) is None


def test_a_static_payload_type_names_its_codec() -> None:
    track = video_track(b"v=0\r\nm=video 0 RTP/AVP 26\r\na=framerate:fast\r\n")
    assert track == VideoTrack(codec="JPEG", frames_per_second=None, shape=(), control="")


def test_what_is_no_sdp_is_refused() -> None:
    with pytest.raises(ValueError, match="no SDP"):
        video_track(b"<html>")


@given(st.integers(2, len(CAMERA)), st.binary(max_size=200))
def test_a_description_cut_anywhere_and_gone_on_with_noise_breaks_nothing(cut: int, noise: bytes) -> None:
    track = video_track(CAMERA[:cut] + noise)
    assert track is None or isinstance(track, VideoTrack)


def test_an_answer_is_read_with_all_its_challenges() -> None:
    answer = parse_head(
        b"RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest a\r\nwww-authenticate:Basic b"
    )
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == ("Digest a", "Basic b")
    assert answer.header("session") == ""


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK", b"RTSP/1.0 OK", b"", b"RTSP/1.0 200 OK\r\nno colon", b"\xff\xfe"])
def test_what_is_no_answer_is_refused(head: bytes) -> None:
    with pytest.raises(NotRtspError):
        parse_head(head)


@pytest.mark.parametrize("length", ["-1", "many", "1 2", str(MAX_BODY_BYTES + 1)])
def test_a_body_of_no_reasonable_length_is_refused(length: str) -> None:
    with pytest.raises(NotRtspError, match="reasonable"):
        body_length(Answer(status=200, headers={"content-length": (length,)}))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_parser(noise: bytes) -> None:
    for head in (noise, b"RTSP/1.0 200 OK\r\n" + noise):
        try:
            answer = parse_head(head)
        except NotRtspError:
            continue
        assert 0 <= answer.status <= 999
