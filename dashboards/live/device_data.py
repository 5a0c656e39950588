"""Pure: the contract's device as plain data: of 22,700 at once each as a model would take longer than all else."""

from typing import Any

from dashboards.seen import Seen, Standing

ENTRY = ("id", "kind", "name", "area", "latitude", "longitude", "parents", "external_ids", "attributes")


def device_of(seen: Seen, standing: Standing) -> dict[str, Any]:
    """As seen.shape has it."""
    return {
        **{name: seen.entry[name] for name in ENTRY},
        "state": standing.state,
        "cause": standing.cause,
        "since": standing.since,
        "marks": list(standing.marks),
        "reason": standing.reason,
        "last_seen": seen.last_seen,
        "latest": {metric: {"value": value.value, "time": value.time} for metric, value in seen.latest.items()},
    }
