"""Why a camera gives no picture, by names that a technician can act on."""

from enum import StrEnum


class Failure(StrEnum):
    """Each is one reason to go to another place: the link, the camera's settings, our settings, the camera itself."""

    BAD_ADDRESS = "bad_address"
    """Not the address of an RTSP stream."""
    UNREACHABLE = "unreachable"
    """No route, no such name, or nobody answers the connection: the link, the power, the address."""
    REFUSED = "refused"
    """The machine is there, its port is closed."""
    NO_ANSWER = "no_answer"
    """Accepts the connection and then says nothing, or hangs up: often a camera that should be restarted."""
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  the name of a failure
    """User or password is wrong, or asked for and not set."""
    NOT_FOUND = "not_found"
    """The camera is there, the path of the address is not."""
    TOO_MANY_CLIENTS = "too_many_clients"
    """The camera has given all its places to others."""
    REFUSED_BY_CAMERA = "refused_by_camera"
    """Another refusal in RTSP; the message has its number."""
    NO_VIDEO = "no_video"
    """The stream has sound or data only."""
    GARBAGE = "garbage"
    """Not RTSP at all, or data of which no picture can be made."""
    UNPLAYABLE = "unplayable"
    """Describes itself well, and yet cannot be played: a codec or a way of login that FFmpeg does not know."""
    STALLED = "stalled"
    """Connected and silent: no picture within the read timeout."""
    CLOSED = "closed"
    """Hung up while the stream ran."""
    LATE = "late"
    """Its pictures come half a minute after they were taken: the link is slower than the stream."""
    RESIZED = "resized"
    """Announces other pictures than those it was opened for; a new attempt sees them in their own size."""
    HUNG = "hung"
    """A call into OpenCV did not return; its thread was left behind."""


class CameraError(Exception):
    """One attempt at a camera failed.

    The message names the camera, the failure and a detail, and no secret. `delivered_seconds`: how long pictures came
    before, as whoever watched them notes.
    """

    def __init__(self, failure: Failure, camera: str, detail: str = "") -> None:
        super().__init__(f"{camera}: {failure}" + (f" ({detail})" if detail else ""))
        self.failure = failure
        self.delivered_seconds = 0.0
