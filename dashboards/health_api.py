"""GET /healthz: this process runs. GET /readyz: it can do its work, or which part cannot."""

from datetime import timedelta

from psycopg import OperationalError

from dashboards.centre import Centre, Here
from dashboards.problem import Problem

# The live reader polls every few seconds; silent for so long, it is stuck or its database is gone.
LIVE_SILENT = timedelta(seconds=30)


async def alive() -> dict[str, str]:
    """This process runs."""
    return {"status": "alive"}


async def ready(centre: Here) -> dict[str, dict[str, str | None]]:
    """200 where every part is ready (null); else 503, and each part that is not says why."""
    parts = await readiness(centre)
    if any(parts.values()):
        failing = ", ".join(part for part, reason in parts.items() if reason)
        raise Problem(503, (f"Belum siap: {failing}.", f"Not ready: {failing}."), members={"parts": parts})
    return {"parts": parts}


async def readiness(centre: Centre) -> dict[str, str | None]:
    """Part name → None where it is ready, else one line why not. For the operations port too."""
    return {"database": await _database(centre), "live": _live(centre), "frame_access": centre.access.late()}


async def _database(centre: Centre) -> str | None:
    try:
        await centre.row("select 1")
    except OperationalError:
        # The driver's own words may hold host and user.
        return f"did not answer within {centre.settings.database_wait_seconds:g} s"
    return None


def _live(centre: Centre) -> str | None:
    if centre.live.read_at is None:
        return "has not read the database yet"
    silent = centre.now() - centre.live.read_at
    return f"last read the database {silent.total_seconds():.0f} s ago" if silent > LIVE_SILENT else None
