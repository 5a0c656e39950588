"""GET /api/v1/audit: who changed what, when and from where."""

from dashboards.centre import Here
from dashboards.parameters import PAGE, Limit, Numbered, Text, encode_cursor
from dashboards.problem import Problem
from dashboards.rights import queries
from dashboards.rights.shapes import AuditLine, AuditLines
from dashboards.spans import From, To


async def audit_log(
    centre: Here,
    *,
    who: Text | None = None,
    action: Text | None = None,
    subject: Text | None = None,
    start: From = None,
    end: To = None,
    before: Numbered,
    limit: Limit = PAGE,
) -> AuditLines:
    """Changes in [from, to), the newest first. `action` is a whole one, or what stands before its dot: `token`."""
    if start is not None and end is not None and start >= end:
        raise Problem(422, ("from harus sebelum to.", "from must lie before to."))
    at, number = before or (None, None)
    asked = {"who": who, "action": action, "subject": subject, "from": start, "to": end}
    rows = await centre.rows(queries.AUDIT, asked | {"before": at, "id": number, "limit": limit + 1})
    last = rows[limit - 1] if len(rows) > limit else None
    return AuditLines(
        items=[AuditLine.model_validate(row) for row in rows[:limit]],
        next=encode_cursor(last["at"].isoformat(), str(last["id"])) if last else None,
    )
