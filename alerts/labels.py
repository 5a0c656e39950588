"""What identifies and sorts an alert for those outside; the same while it fires and when it resolves."""

from alerts.alert import Alert


def labels_of(alert: Alert) -> dict[str, str]:
    """Labels of the rule beside those that every alert has, which win."""
    return {
        **alert.labels,
        "alertname": alert.labels.get("alertname", alert.rule),
        "device": alert.device,
        "kind": alert.kind,
        "area": alert.area,
        "severity": alert.severity.value,
    }
