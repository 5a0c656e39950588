"""Pure: an alert as Alertmanager would tell it, webhook version "4".

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from alerts.alert import Alert, EndReason, State
from alerts.notify.route import labels_of

STILL_OPEN = "0001-01-01T00:00:00Z"
GROUP_LABELS = ("alertname", "device")
ENDED_BECAUSE = {
    EndReason.RULE_REMOVED: "Aturan ini sudah dihapus.",
    EndReason.DEVICE_REMOVED: "Perangkat ini sudah dihapus dari daftar.",
    EndReason.UNMATCHED: "Aturan ini tidak lagi berlaku untuk perangkat ini.",
}
FNV_OFFSET, FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3


def compose(alert: Alert, *, receiver: str, external_url: str, title: str | None = None) -> dict[str, Any]:
    """The body for one receiver: one alert in a group of its own. `alert` must be stored: its id is in the link.

    `title` is its incident's. The incident is a label beside those that identify the alert: what seemed two stories may
    turn out to be one, and the end of an alert must still be known as its own.
    """
    identity, annotations = labels_of(alert), _annotations(alert, title)
    labels = identity if alert.incident_id is None else {**identity, "incident": str(alert.incident_id)}
    group = {label: labels[label] for label in GROUP_LABELS}
    status = "resolved" if alert.state is State.RESOLVED else "firing"
    return {
        "version": "4",
        "groupKey": "{}:{" + ", ".join(f'{label}="{value}"' for label, value in group.items()) + "}",
        "truncatedAlerts": 0,
        "status": status,
        "receiver": receiver,
        "groupLabels": group,
        "commonLabels": labels,
        "commonAnnotations": annotations,
        "externalURL": external_url,
        "alerts": [
            {
                "status": status,
                "labels": labels,
                "annotations": annotations,
                "startsAt": _rfc3339(alert.starts_at),
                "endsAt": STILL_OPEN if alert.ends_at is None else _rfc3339(alert.ends_at),
                "generatorURL": f"{external_url}/api/v1/alerts/{alert.id}",
                "fingerprint": fingerprint(identity),
            }
        ],
    }


def fingerprint(labels: Mapping[str, str]) -> str:
    """Prometheus's own: FNV-1a, 64 bits, over names and values in the order of the names, each ended by byte 255."""
    state = FNV_OFFSET
    for name in sorted(labels):
        for byte in (*name.encode(), 255, *labels[name].encode(), 255):
            state = (state ^ byte) * FNV_PRIME % 2**64
    return f"{state:016x}"


def _annotations(alert: Alert, title: str | None) -> dict[str, str]:
    ended = ENDED_BECAUSE.get(alert.end_reason) if alert.end_reason else None
    description = ended or (title if title != alert.summary else None)
    more = {"description": description} if description else {}
    return {**more, **alert.annotations, **({"description": ended} if ended else {}), "summary": alert.summary}


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
