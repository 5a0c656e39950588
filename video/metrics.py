"""What this room counts about itself."""

from typing import Final

from prometheus_client import Counter, Gauge

FRAMES = Counter("pantau_video_frames_total", "Frames decoded: key frames, where those suffice", ["camera"])
FRAME_AGE = Gauge("pantau_video_frame_age_seconds", "Age of the newest sample; NaN before the first one", ["camera"])
FAILURES = Counter(
    "pantau_video_failures_total", "Attempts at a camera that ended, by their reason", ["camera", "reason"]
)
HUNG_THREADS = Gauge("pantau_video_hung_threads", "Threads left behind in a call that does not return", ["camera"])
FRAMES_NOT_KEPT = Counter("pantau_video_frames_not_kept_total", "Samples whose picture the disk refused", ["camera"])
FRAMES_KEPT = Counter("pantau_video_frames_kept_total", "Pictures kept beside the latest", ["camera"])
FRAMES_WITHHELD = Counter(
    "pantau_video_frames_withheld_total", "Pictures not kept because the disk is short", ["camera"]
)
FRAMES_REMOVED = Counter("pantau_video_frames_removed_total", "Pictures removed for their age, and halves of pictures")
SAMPLES_SUPERSEDED = Counter(
    "pantau_video_samples_superseded_total", "Samples dropped unpublished because a newer one came", ["camera"]
)
HAPPENINGS_GIVEN_UP = Counter(
    "pantau_video_events_given_up_total", "Events dropped because too many waited for the broker", ["camera"]
)
DETECTIONS_MISSED = Counter(
    "pantau_video_detections_missed_total",
    "Looks for people and vehicles for which the network had no time",
    ["camera"],
)

OF_A_CAMERA: Final = (
    FRAMES,
    FRAME_AGE,
    FAILURES,
    HUNG_THREADS,
    FRAMES_NOT_KEPT,
    FRAMES_KEPT,
    FRAMES_WITHHELD,
    SAMPLES_SUPERSEDED,
    HAPPENINGS_GIVEN_UP,
    DETECTIONS_MISSED,
)


def forget(camera_id: str) -> None:
    """Of a camera that is no longer watched, nothing is told."""
    for metric in OF_A_CAMERA:
        metric.remove_by_labels({"camera": camera_id})
