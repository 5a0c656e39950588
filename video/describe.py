"""Asking a camera to describe its stream, before anything is opened: the answer, or why there is none, by name.

OpenCV knows no reasons: to it a wrong password is a cable cut. One question over a connection of our own tells them
apart, spares FFmpeg a mute camera's long timeout, and is over before FFmpeg connects, for a camera with room for one.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from video.failure import CameraError, Failure
from video.rtsp.link import RtspLink
from video.rtsp.login import Challenge, authorization, challenges
from video.rtsp.message import Answer
from video.rtsp.sdp import VideoTrack, video_track
from video.source import Source

OK, UNAUTHORIZED = 200, 401
# RFC 2326, 7.1.1. 503 is what a camera says that has no encoder left, 453 one that has no bandwidth left.
FAILURES: Final = {
    UNAUTHORIZED: Failure.WRONG_PASSWORD,
    404: Failure.NOT_FOUND,
    410: Failure.NOT_FOUND,
    453: Failure.TOO_MANY_CLIENTS,
    503: Failure.TOO_MANY_CLIENTS,
}
# A nonce may have grown old between two questions, once; whoever says so again would keep us for ever.
MAX_CHALLENGES = 2
# Of the two that a track has (RFC 2326, 10.12), this one carries its packets, the next one their control.
CHANNEL = 0


def describe(source: Source, *, timeout_seconds: float) -> VideoTrack:
    """The camera's video track. Raises CameraError."""
    with RtspLink(source, timeout_seconds=timeout_seconds) as link:
        return Asking(source, link).describe()[0]


def why_no_picture(source: Source, *, sent_and: Failure, timeout_seconds: float) -> CameraError:
    """What a camera that describes itself says and does when it is to play: 453 comes only now, with the last place.

    Returned to be raised: its own failure; STALLED where it sends no video; `sent_and` where it does, and the fault
    lies in what it sends, or with FFmpeg.
    """
    try:
        with RtspLink(source, timeout_seconds=timeout_seconds) as link:
            sends = Asking(source, link).sends_video()
    except CameraError as failure:
        return failure
    if sends:
        return CameraError(sent_and, source.url, "it sends, and no picture can be made of it")
    return CameraError(Failure.STALLED, source.url, "it plays, and sends no video")


class Asking:
    """Questions to one camera over one link, with the password where the camera asks for it."""

    def __init__(
        self, source: Source, link: RtspLink, *, client_nonce: Callable[[], str] = secrets.token_urlsafe
    ) -> None:
        self._source = source
        self._link = link
        self._client_nonce = client_nonce
        self._challenge: Challenge | None = None

    def describe(self) -> tuple[VideoTrack, Answer]:
        answer = self._ask("DESCRIBE", self._source.url, {"Accept": "application/sdp"})
        try:
            track = video_track(answer.body)
        except ValueError as fault:
            raise CameraError(Failure.GARBAGE, self._source.url, str(fault)) from fault
        if track is None:
            raise CameraError(Failure.NO_VIDEO, self._source.url)
        return track, answer

    def sends_video(self) -> bool:
        """Play until the first packet of video, as long as the link allows; the place is given up after it."""
        track, described = self.describe()
        transport = {"Transport": f"RTP/AVP/TCP;unicast;interleaved={CHANNEL}-{CHANNEL + 1}"}
        answer = self._ask("SETUP", self._track_uri(track, described), transport)
        session = {"Session": answer.header("session").partition(";")[0]}
        uri = self._source.url
        sends = self._link.receives("PLAY", uri, {**session, **self._login("PLAY", uri)}, channel=CHANNEL)
        self._link.say("TEARDOWN", uri, {**session, **self._login("TEARDOWN", uri)})
        return sends

    def _ask(self, method: str, uri: str, headers: Mapping[str, str]) -> Answer:
        """The answer that says OK. Raises CameraError."""
        answer = self._link.ask(method, uri, {**headers, **self._login(method, uri)})
        for attempt in range(MAX_CHALLENGES):
            if answer.status != UNAUTHORIZED or not self._accepts(answer, first=attempt == 0):
                break
            answer = self._link.ask(method, uri, {**headers, **self._login(method, uri)})
        if answer.status != OK:
            raise self._refusal(answer)
        return answer

    def _accepts(self, answer: Answer, *, first: bool) -> bool:
        """Whether to try the answer's challenge; after the first, only one that calls our nonce old."""
        offered = challenges(answer.headers.get("www-authenticate", ()))
        if not offered or not (first or offered[0].stale):
            return False
        self._challenge = offered[0]
        return self._source.login is not None

    def _login(self, method: str, uri: str) -> dict[str, str]:
        login = self._source.login
        if self._challenge is None or login is None:
            return {}
        nonce = self._client_nonce()
        return {"Authorization": authorization(self._challenge, login, method=method, uri=uri, client_nonce=nonce)}

    def _refusal(self, answer: Answer) -> CameraError:
        failure = FAILURES.get(answer.status, Failure.REFUSED_BY_CAMERA)
        detail = f"RTSP {answer.status}"
        if failure is Failure.WRONG_PASSWORD and self._source.login is None:
            detail += ", and no password is set"
        elif failure is Failure.WRONG_PASSWORD and self._challenge is None:
            failure, detail = Failure.UNPLAYABLE, f"{detail}, with no way of login that we know"
        return CameraError(failure, self._source.url, detail)

    def _track_uri(self, track: VideoTrack, described: Answer) -> str:
        """RFC 2326, C.1.1; relative ones are appended, not resolved, as all players do it."""
        if track.control.startswith(("rtsp://", "rtsps://")):
            return track.control
        base = described.header("content-base") or described.header("content-location") or self._source.url
        return base if track.control in {"", "*"} else f"{base.removesuffix('/')}/{track.control}"
