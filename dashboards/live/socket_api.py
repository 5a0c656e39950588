"""WS /api/v1/live: the same messages as /api/v1/events, over a WebSocket (RFC 6455)."""

import asyncio
from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import ValidationError
from starlette.types import Message

from dashboards import metrics
from dashboards.auth import Who
from dashboards.centre import Here
from dashboards.live.audience import Client
from dashboards.live.live import Live
from dashboards.live.scene_json import Form
from dashboards.live.vocabulary import Resume
from dashboards.problem import Problem
from dashboards.words import preferred

# Codes of RFC 6455, section 7.4.1, and of IANA's registry.
NOT_UNDERSTOOD, NOT_ALLOWED, RESTARTING, TRY_LATER = 1007, 1008, 1012, 1013


async def live(
    socket: WebSocket, centre: Here, visitor: Who, snapshot: Form = Form.DEVICES, last_event_id: str | None = None
) -> None:
    """Each frame is one LiveMessage. Who wishes to resume says so in the query, or in a first frame."""
    try:
        centre.live.admit(visitor.holder)
    except Problem as problem:
        await socket.send_denial_response(problem.response(preferred(socket.headers.get("accept-language")) or "en"))
        return
    await socket.accept()
    reason = None
    try:
        said = None if last_event_id else await _first_word(socket, centre.live.first_word_seconds)
        last = said.last_event_id if said else last_event_id
        with centre.live.joined(visitor.token, visitor.holder, last) as client:
            code = await _tell(socket, centre.live, client, snapshot, late=not (said or last_event_id))
    except ValidationError:
        code = NOT_UNDERSTOOD
    except WebSocketDisconnect:  # hung up, in whatever moment: that is no failure of ours
        code = None
    except Problem as problem:  # others came first
        code, reason = TRY_LATER, str(problem)
    if code is not None:
        with suppress(WebSocketDisconnect):
            await socket.close(code, reason)


async def _first_word(socket: WebSocket, seconds: float) -> Resume | None:
    """Raises ValidationError where it is not a Resume, WebSocketDisconnect where nobody is there to say one."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            said = await socket.receive()
            if said["type"] == "websocket.disconnect":
                raise WebSocketDisconnect
            if said["type"] == "websocket.receive":
                return _resume(said)
    return None


def _resume(said: Message) -> Resume:
    return Resume.model_validate_json(said.get("text") or said.get("bytes") or b"")


async def _tell(socket: WebSocket, live: Live, client: Client, form: Form, *, late: bool) -> int | None:
    """Until the end; the code to close with, or None where there is nobody any more."""
    watching = asyncio.create_task(_watch(socket, client, late=late))
    try:
        async for bundle in live.bundles(client, form):
            async with asyncio.timeout(live.taken_seconds):
                for message in bundle.messages:
                    await socket.send_text(message.body.decode())
    except TimeoutError:
        metrics.CUT.inc()
        return None
    finally:
        watching.cancel()
    if watching.done():
        return watching.result()
    return RESTARTING if live.closing else NOT_ALLOWED


async def _watch(socket: WebSocket, client: Client, *, late: bool) -> int | None:
    """Until the client hangs up; or says anything, which nobody would hear.

    But for a first word that is `late`, for the line is slow: by then the snapshot has told him what he missed.
    """
    said = await socket.receive()
    if late and _is_resume(said):
        said = await socket.receive()
    client.close()
    return NOT_ALLOWED if said["type"] == "websocket.receive" else None


def _is_resume(said: Message) -> bool:
    try:
        _resume(said)
    except ValidationError:
        return False
    return True
