"""What a DESCRIBE answers: the session in SDP (RFC 4566), as live cameras write it."""

from simulators.rtsp.recording import Recording
from simulators.rtsp.rtp import PAYLOAD_TYPE, VIDEO_CLOCK_HZ

TRACK = "trackID=0"


def describe(name: str, recording: Recording) -> bytes:
    lines = (
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        f"s={name}",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "a=control:*",
        "a=range:npt=now-",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        f"a=rtpmap:{PAYLOAD_TYPE} {recording.encoding}/{VIDEO_CLOCK_HZ}",
        f"a=fmtp:{PAYLOAD_TYPE} {recording.parameters}",
        f"a=framerate:{recording.fps}",
        f"a=control:{TRACK}",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()
