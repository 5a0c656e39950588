"""What this process counts of itself, for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

REQUEST_SECONDS = Histogram(
    "pantau_dashboards_request_seconds",
    "Seconds until a request was answered, or its stream ended",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
CLIENTS = Gauge("pantau_dashboards_live_clients", "Open live streams")
RESNAPSHOTTED = Counter(
    "pantau_dashboards_live_resnapshotted_total", "Clients that fell too far behind and were given a fresh snapshot"
)
REFUSED = Counter("pantau_dashboards_live_refused_total", "Live streams refused because there are too many")
CUT = Counter("pantau_dashboards_live_cut_total", "Live streams ended because nobody took what was sent")
LOOK_SECONDS = Histogram(
    "pantau_dashboards_live_look_seconds",
    "Seconds that a look at the database took, and telling what it found",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
LOGINS = Counter("pantau_dashboards_logins_total", "Attempts to log in", ["outcome"])
VIEWERS = Gauge("pantau_dashboards_camera_viewers", "Open streams of camera pictures")
VIEWERS_REFUSED = Counter(
    "pantau_dashboards_camera_viewers_refused_total", "Streams of camera pictures refused because there are too many"
)
VIEWERS_CUT = Counter(
    "pantau_dashboards_camera_viewers_cut_total", "Streams of camera pictures ended because nobody took the pictures"
)
PHOTOS_REMOVED = Counter("pantau_dashboards_photos_removed_total", "Photos deleted because they were kept long enough")
ACCESS_UNWRITTEN = Gauge(
    "pantau_dashboards_frame_access_unwritten", "Rows of the log of looks at pictures that are not yet in the database"
)
ACCESS_REFUSED = Counter(
    "pantau_dashboards_frame_access_refused_total", "Pictures not shown because the look could not be written down"
)
