"""GET /api/v1/events: the live stream as server-sent events."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Header
from sse_starlette import EventSourceResponse, ServerSentEvent

from dashboards import metrics
from dashboards.auth import Who
from dashboards.centre import Centre, Here
from dashboards.problem import RETRY_SECONDS, Problem


async def events(
    centre: Here, visitor: Who, last_event_id: Annotated[str | None, Header()] = None
) -> EventSourceResponse:
    """A snapshot, then deltas; each `data` is {"id", "type", "at", "data"}. `Last-Event-ID` resumes where it can.

    The event's name is left out, so that one listener hears all; a heartbeat comes every 5 seconds.
    """
    if centre.live.read_at is None:
        raise Problem(503, "The database has not been read yet.", headers={"Retry-After": RETRY_SECONDS})
    if centre.live.full:
        metrics.REFUSED.inc()
        raise Problem(503, "Too many live streams are open.", headers={"Retry-After": RETRY_SECONDS})
    # Our heartbeat takes the place of the library's ping.
    return EventSourceResponse(_events(centre, visitor.token, last_event_id), ping=0)


async def _events(centre: Centre, token: int, last_event_id: str | None) -> AsyncIterator[ServerSentEvent]:
    async for message in centre.live.stream(token, last_event_id):
        yield ServerSentEvent(message.body, id=message.id)
