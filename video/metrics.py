"""What this room counts about itself."""

from prometheus_client import Counter, Gauge

FRAMES = Counter("pantau_video_frames_total", "Key frames decoded", ["camera"])
FRAME_AGE = Gauge("pantau_video_frame_age_seconds", "Age of the newest sample; NaN before the first one", ["camera"])
OPEN_FAILURES = Counter("pantau_video_open_failures_total", "Attempts that ended without a first frame", ["camera"])
OPENS = Counter("pantau_video_opens_total", "Streams opened whose first frame came", ["camera"])
FRAMES_NOT_KEPT = Counter("pantau_video_frames_not_kept_total", "Samples whose picture the disk refused", ["camera"])
SAMPLES_SUPERSEDED = Counter(
    "pantau_video_samples_superseded_total", "Samples dropped unpublished because a newer one came", ["camera"]
)
