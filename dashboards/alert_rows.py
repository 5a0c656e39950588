"""Pure: a row of table alert as the contract's alert."""

from collections.abc import Mapping
from typing import Any

from alerts.alert import Severity, State
from dashboards.shapes import AlertShape


def alert_of(row: Mapping[str, Any]) -> AlertShape:
    """From a row with queries.ALERT_COLUMNS."""
    return AlertShape.model_construct(**{**row, "severity": Severity(row["severity"]), "state": State(row["state"])})
