"""Pure: a row of table incident, with its alerts and what was held back, as the contract's incident."""

from collections.abc import Mapping
from typing import Any

from alerts.alert import Severity
from dashboards.shapes import Affected, IncidentShape, SuppressionShape


def incident_of(row: Mapping[str, Any]) -> IncidentShape:
    """From a row with queries.INCIDENT_COLUMNS."""
    suppressed = [SuppressionShape(**held) for held in row["suppressed"]]
    typed = {"severity": Severity(row["severity"]), "affected": Affected(**row["affected"]), "suppressed": suppressed}
    return IncidentShape(**{**row, **typed})
