"""GET /api/v1/devices/{id}/explain: why it is in this state. GET …/affected: what hangs on it."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Header, Query

from dashboards import queries
from dashboards.affected import affected_by, chain_of, covers
from dashboards.centre import Centre, Here, judged_now
from dashboards.explanation import Reader, age_seconds, explain
from dashboards.maintenance.maintenance_api import shown
from dashboards.maintenance.queries import WORK_NOW
from dashboards.maintenance.shapes import MaintenanceShape
from dashboards.missing import NO_DEVICE
from dashboards.parameters import DeviceId
from dashboards.problem import Problem
from dashboards.seen import Judged, Standing
from dashboards.shapes import AffectedDevices, ChainLink, Explanation, HeldBack, OpenAlert, Rule
from dashboards.words import Language, preferred
from devices import registry
from devices.device import Device
from devices.kinds import KINDS
from devices.state import Limits
from devices.topology import ancestors


async def affected(centre: Here, id: DeviceId) -> AffectedDevices:  # noqa: A002  the contract's path parameter
    """Everything that hangs on a device by any way, and whether it goes with it."""
    known = await _registry(centre, id)
    stored = {row["id"]: row for row in await centre.rows(queries.STANDINGS)}
    return affected_by(id, known, stored, await judged_now(centre))


async def explanation(
    centre: Here,
    id: DeviceId,  # noqa: A002  the contract's path parameter
    *,
    lang: Annotated[Language | None, Query()] = None,
    accept_language: Annotated[str | None, Header(max_length=1_000)] = None,
) -> Explanation:
    """The evidence, the rule and the chain of parents, in `lang`, or as the browser asks, or as the city speaks."""
    known, judged, now = await _registry(centre, id), await judged_now(centre), centre.now()
    row = await centre.row(queries.EXPLAINED, {"id": id}) or {}
    standing = Standing.of(row, judged)
    chain = await _chain(centre, chain_of(id, standing.cause, known), known, judged)
    detail: dict[str, Any] = row["detail"] or {}
    told = detail | ({"last_seen": row["last_seen"].isoformat()} if row["last_seen"] else {})
    work = await _work(centre, known[id], known, now)
    reader = _reader(centre, lang or preferred(accept_language))
    return Explanation(
        device=id,
        state=standing.state,
        since=standing.since,
        marks=list(standing.marks),
        reason=standing.reason,
        sentences=explain(known[id].name, standing, judged, told, chain, work, reader),
        evidence={
            **told,
            "age_seconds": age_seconds(row["last_seen"], now),
            "status": row["status"],
            "status_at": row["status_at"],
            "judged_at": judged.at,
        },
        rule=_rule(known[id].kind, standing, detail),
        chain=chain,
        suppressed=[HeldBack(**held) for held in await centre.rows(queries.HELD_BACK, {"id": id})],
        alerts=[OpenAlert(**alert) for alert in await centre.rows(queries.ALERTS_ON, {"id": id})],
        incident=row["incident"],
        maintenance=work,
    )


async def _registry(centre: Centre, device: str) -> dict[str, Device]:
    async with centre.database() as connection:
        known = await registry.load(connection)
    if device not in known:
        raise Problem(404, NO_DEVICE)
    return known


async def _chain(centre: Centre, ids: Any, known: dict[str, Device], judged: Judged) -> list[ChainLink]:  # noqa: ANN401  a sequence of ids
    rows = {row["id"]: row for row in await centre.rows(queries.STANDINGS_OF, {"ids": list(ids)})}
    links = []
    for id_ in ids:
        standing = Standing.of(rows.get(id_), judged)
        device = known[id_]
        links.append(ChainLink(id=id_, kind=device.kind, name=device.name, state=standing.state, since=standing.since))
    return links


def _rule(kind: str, standing: Standing, detail: dict[str, Any]) -> Rule:
    """What the engine noted of its numbers; where it noted none, those of the kind."""
    limits = Limits.of_kind(kind) if kind in KINDS else None
    silent_after = limits.silence.total_seconds() if limits else None
    return Rule(
        reason=standing.reason,
        interval_seconds=detail.get("interval_seconds", limits and limits.interval_seconds),
        silent_after_seconds=detail.get("silent_after_seconds", silent_after),
        attempts=detail.get("attempts", limits and limits.attempts),
        settle_until=detail.get("settle_until"),
        rules=detail.get("rules", []),
    )


async def _work(centre: Centre, device: Device, known: dict[str, Device], now: datetime) -> list[MaintenanceShape]:
    """Announced work that goes on, on this device or on something that it hangs on."""
    rows = await centre.rows(WORK_NOW, {"now": now})
    above = ancestors(device.id, known)
    works = [shown(row, now) for row in rows if covers(row["match"], device, above)]
    return [
        work.model_copy(update={"since": work.next.since, "until": work.next.until})
        for work in works
        if work.next is not None and work.next.since <= now
    ]


def _reader(centre: Centre, language: Language | None) -> Reader:
    settings = centre.settings
    return Reader(language=language or settings.language, zone=ZoneInfo(settings.time_zone), label=settings.zone_label)
