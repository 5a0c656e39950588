"""An alert, from its row."""

from typing import Any

from alerts.alert import Alert, EndReason, Severity, State


def alert_of(row: dict[str, Any]) -> Alert:
    """`row` has a column for every field that is read."""
    ended = row["end_reason"]
    return Alert(
        **row
        | {
            "severity": Severity(row["severity"]),
            "state": State(row["state"]),
            "end_reason": ended and EndReason(ended),
        }
    )
