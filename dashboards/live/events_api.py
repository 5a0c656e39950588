"""GET /api/v1/events: the live stream as server-sent events."""

from functools import partial
from typing import Annotated

from fastapi import Header, Query
from fastapi.responses import Response

from dashboards.auth import Who
from dashboards.centre import Here
from dashboards.live.event_stream import EventStream
from dashboards.live.scene_json import Form


async def events(
    centre: Here,
    visitor: Who,
    snapshot: Form = Form.DEVICES,
    last_event_id: Annotated[str | None, Header()] = None,
    resume: Annotated[str | None, Query(alias="last_event_id")] = None,
) -> Response:
    """A snapshot, then what changes; each event's `data` is a LiveMessage. `Last-Event-ID` resumes where it can.

    A heartbeat comes every 5 seconds. `snapshot=columns` asks for a quarter of the length.
    """
    joined = centre.live.joined(visitor.token, visitor.holder, last_event_id or resume)
    return EventStream(joined, partial(centre.live.bundles, form=snapshot), taken_seconds=centre.live.taken_seconds)
