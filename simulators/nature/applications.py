"""Pure: what watching the regency's applications over HTTP reports."""

from simulators.nature.place import Moment, Place
from simulators.nature.rhythm import DAY, OFFICE

CERTIFICATE_SECONDS = 90 * DAY
RENEWED_SECONDS = 60 * DAY  # after issue: a month before it ends


def service(place: Place, now: Moment) -> dict[str, float]:
    """An application that answers, slower in office hours, its certificate renewed and its disk cleared in time."""
    work = 0.6 * OFFICE.level(now.local) * place.wander("load", now.t, 300, 0.3, 1.0)
    age = (now.t + place.constant("issued", 0.0, RENEWED_SECONDS)) % RENEWED_SECONDS
    return {
        "available": 1.0,
        "response_seconds": round(place.constant("idle", 0.06, 0.25) + work, 3),
        "status_code": 200.0,
        "certificate_remaining_seconds": float(int(CERTIFICATE_SECONDS - age)),
        "disk_used_ratio": round(place.constant("disk", 0.3, 0.6) + place.wander("disk", now.t, 3 * DAY, 0.0, 0.1), 3),
    }
