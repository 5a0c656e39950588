"""What a DESCRIBE answers: the session in SDP (RFC 4566), as live cameras write it."""

from simulators.rtsp.recording import Recording


def describe(name: str, recording: Recording) -> bytes:
    track = recording.track
    lines = (
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        f"s={name}",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "a=control:*",
        "a=range:npt=now-",
        f"m={track.media} 0 RTP/AVP {track.payload_type}",
        f"a=rtpmap:{track.payload_type} {track.encoding}/{track.clock_hz}",
        *([f"a=fmtp:{track.payload_type} {track.parameters}"] if track.parameters else []),
        *([f"a=framerate:{recording.rate}"] if track.media == "video" else []),
        f"a=control:{track.control}",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()
