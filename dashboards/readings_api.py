"""GET /api/v1/devices/{id}/readings: one metric over time, raw or rolled up, at most 2,000 points an answer."""

from datetime import datetime

from psycopg import sql
from psycopg.rows import DictRow

from dashboards import queries, steps
from dashboards.centre import Centre, Here
from dashboards.missing import NO_DEVICE
from dashboards.parameters import Continued, DeviceId, Text, encode_cursor
from dashboards.problem import Problem
from dashboards.shapes import RawPoint, Readings, RolledPoint
from dashboards.spans import From, To, span_of
from dashboards.steps import POINTS_MAX, Extent, Plan, Step
from dashboards.words import Sentence
from devices.kinds import KINDS

ROLLED_UP = {
    Step.FIVE_MINUTES: queries.ROLLED_UP.format(rollup=sql.Identifier("rollup_5m")),
    Step.HOUR: queries.ROLLED_UP.format(rollup=sql.Identifier("rollup_1h")),
}
WIDTHS = {Step.FIVE_MINUTES: steps.FIVE_MINUTES.width, Step.HOUR: steps.HOUR}


async def readings(
    centre: Here,
    id: DeviceId,  # noqa: A002  the contract's path parameter
    metric: Text,
    *,
    start: From = None,
    end: To = None,
    step: Step = Step.AUTO,
    after: Continued = None,
) -> Readings:
    """Readings in [from, to), by default of the last 24 hours; rolled-up buckets are whole, also at both ends.

    `auto` takes the finest step that fits into 2,000 points; where even hours do not, buckets are several hours wide,
    and `bucket_seconds` says so. An explicit step is paged by `next`.
    """
    unit = await _unit(centre, id, metric)
    start, end = span_of(after or start, end, centre.now())
    series = await centre.row(queries.SERIES, {"device": id, "metric": metric})
    plan, rows = (
        (steps.EXPLICIT.get(step, steps.RAW), [])
        if series is None
        else await _read(centre, series["id"], start, end, step)
    )
    return _answer(id, metric, unit, plan, rows)


async def _unit(centre: Centre, device: str, metric: str) -> str:
    row = await centre.row(queries.KIND, {"id": device})
    if row is None:
        raise Problem(404, NO_DEVICE)
    metrics = KINDS[row["kind"]].metrics if row["kind"] in KINDS else {}
    if metric not in metrics:
        raise Problem(422, _unreported(row["kind"], ", ".join(metrics)))
    return metrics[metric].unit


def _unreported(kind: str, known: str) -> Sentence:
    return (
        f"{kind} tidak melaporkan besaran ini, hanya {known or '(tidak ada)'}.",
        f"A {kind} does not report this metric; it reports {known or 'none'}.",
    )


async def _read(centre: Centre, series: int, start: datetime, end: datetime, step: Step) -> tuple[Plan, list[DictRow]]:
    """One row more than an answer may have, where there is one."""
    plan = steps.EXPLICIT.get(step)
    if plan is None:
        row = await centre.row(queries.EXTENT, {"series": series})
        extent = Extent(**(row or {}))
        start, end = extent.clip(start, end)
        plan = await _plan(centre, series, start, end, extent)
    span = {"series": series, "from": start, "to": end, "limit": POINTS_MAX + 1}
    if plan.step is Step.RAW:
        return plan, await centre.rows(queries.RAW, span)
    wide = plan.width > WIDTHS[plan.step]
    span |= {
        "from": steps.floor(start, plan.width),
        "width": WIDTHS[plan.step],
        "shown": plan.width,
        "rows": None if wide else POINTS_MAX + 1,
    }
    return plan, await centre.rows(ROLLED_UP[plan.step], span)


async def _plan(centre: Centre, series: int, start: datetime, end: datetime, extent: Extent) -> Plan:
    counted = await centre.row(queries.COUNT_RAW, {"series": series, "from": start, "to": end, "limit": POINTS_MAX + 1})
    return steps.choose(start, end, raw_count=counted["count"] if counted else 0, extent=extent)


def _answer(device: str, metric: str, unit: str, plan: Plan, rows: list[DictRow]) -> Readings:
    """The first 2,000 rows as points; the next page begins where the first row left out does."""
    shown, beyond = rows[:POINTS_MAX], rows[POINTS_MAX:]
    raw = plan.step is Step.RAW
    return Readings(
        device=device,
        metric=metric,
        unit=unit,
        step=plan.step,
        bucket_seconds=None if raw else int(plan.width.total_seconds()),
        points=[RawPoint.model_construct(**row) for row in shown] if raw else [_rolled(row) for row in shown],
        next=encode_cursor(beyond[0]["time"].isoformat()) if beyond else None,
    )


def _rolled(row: DictRow) -> RolledPoint:
    return RolledPoint.model_construct(
        time=row["time"],
        min=row["min"],
        avg=row["sum"] / row["count"],
        max=row["max"],
        last=row["last"],
        count=row["count"],
    )
