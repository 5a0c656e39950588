"""uvicorn, as one part of a process among others: it leaves the signals alone and stops when its task is cancelled."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from dashboards.unsent import limit_unsent
from deploy.listen import Address
from deploy.prompt_http import PromptHttp

# Streams (SSE) never end by themselves: after so long a stop cuts them.
GRACE_SECONDS = 2
# A client of the WebSocket says one thing at most, and that is short.
SAID_BYTES_MAX = 4_096


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: ASGIApp, address: Address, *, http: type[PromptHttp] = PromptHttp) -> None:
    """Serve until cancelled. Raises ListenError where the port is taken."""
    config = uvicorn.Config(
        app,
        http=http,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws_max_size=SAID_BYTES_MAX,
    )
    server = _Server(config)
    with address.bound() as sock:
        limit_unsent(sock)
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            server.should_exit = True
            await serving
            raise
