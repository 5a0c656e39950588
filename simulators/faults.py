"""What can go wrong with a simulated camera, by name. What its lens looks at, or is covered by, is its scene's."""

from enum import StrEnum


class Fault(StrEnum):
    """Those that concern how a camera answers also cut whoever plays, so that everyone meets them at once."""

    FROZEN = "frozen"  # the stream runs on, its timestamps too, and not one pixel changes
    RESIZED = "resized"  # another resolution half-way: half of both sides
    LOSSY = "lossy"  # some of its packets never arrive
    GARBLED = "garbled"  # noise in every packet, under headers that are right
    STALLED = "stalled"  # answers, and sends no media
    MUTE = "mute"  # accepts connections, and neither answers nor sends
    DISCONNECTED = "disconnected"  # everyone who plays is cut, once; all may come back at once
    BUSY = "busy"  # refuses with 503, as a camera whose sessions are all taken
    NOT_FOUND = "not_found"  # answers 404, as one that was given another path
    LOCKED = "locked"  # asks for another password: 401 whatever one says
    AUDIO_ONLY = "audio_only"  # the video is gone, from SDP too; sound is sent
    BABBLING = "babbling"  # noise instead of RTSP answers
    GONE = "gone"  # resets each connection that asks for it; the others on its port go on
