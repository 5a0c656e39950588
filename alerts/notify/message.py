"""Pure: a group of alerts as Alertmanager would tell it, webhook version "4".

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from alerts.alert import Alert, EndReason, State
from alerts.labels import labels_of

STILL_OPEN = "0001-01-01T00:00:00Z"
ENDED_BECAUSE = {
    EndReason.RULE_REMOVED: "Aturan ini sudah dihapus.",
    EndReason.DEVICE_REMOVED: "Perangkat ini sudah dihapus dari daftar.",
    EndReason.UNMATCHED: "Aturan ini tidak lagi berlaku untuk perangkat ini.",
}
FNV_OFFSET, FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3
# More alerts than these are counted in truncatedAlerts: a receiver's body has a bound, and the page links to all.
MOST = 100


def compose(
    alerts: Sequence[Alert], *, key: Mapping[str, str], receiver: str, external_url: str, title: str | None = None
) -> dict[str, Any]:
    """The body for one receiver about alerts that share the labels of `key`; they must be stored: links hold their ids.

    `title` is their incident's. The incident is a label beside those that identify an alert: what seemed two stories
    may turn out to be one, and the end of an alert must still be known as its own.
    """
    told = [_told(alert, external_url, title) for alert in alerts[:MOST]]
    return {
        "version": "4",
        "groupKey": "{}:{" + ", ".join(f'{label}="{value}"' for label, value in sorted(key.items())) + "}",
        "truncatedAlerts": max(0, len(alerts) - MOST),
        "status": "firing" if any(one["status"] == "firing" for one in told) else "resolved",
        "receiver": receiver,
        "groupLabels": dict(key),
        "commonLabels": _common([one["labels"] for one in told]),
        "commonAnnotations": _common([one["annotations"] for one in told]),
        "externalURL": external_url,
        "alerts": told,
    }


def _told(alert: Alert, external_url: str, title: str | None) -> dict[str, Any]:
    identity = labels_of(alert)
    return {
        "status": "resolved" if alert.state is State.RESOLVED else "firing",
        "labels": identity if alert.incident_id is None else {**identity, "incident": str(alert.incident_id)},
        "annotations": _annotations(alert, title),
        "startsAt": _rfc3339(alert.starts_at),
        "endsAt": STILL_OPEN if alert.ends_at is None else _rfc3339(alert.ends_at),
        "generatorURL": f"{external_url}/api/v1/alerts/{alert.id}",
        "fingerprint": fingerprint(identity),
    }


def _common(mappings: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What all of them say alike."""
    first, *others = mappings
    return {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}


def fingerprint(labels: Mapping[str, str]) -> str:
    """Prometheus's own: FNV-1a, 64 bits, over names and values in the order of the names, each ended by byte 255."""
    state = FNV_OFFSET
    for name in sorted(labels):
        for byte in (*name.encode(), 255, *labels[name].encode(), 255):
            state = (state ^ byte) * FNV_PRIME % 2**64
    return f"{state:016x}"


def _annotations(alert: Alert, title: str | None) -> dict[str, str]:
    ended = ENDED_BECAUSE.get(alert.end_reason) if alert.end_reason else None
    more = {"description": title} if title is not None and title != alert.summary else {}
    return {**more, **alert.annotations, **({"description": ended} if ended else {}), "summary": alert.summary}


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
