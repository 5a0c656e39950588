"""HTTP of clients that ask when they have connected: uvicorn waits for ever for a head, and every wait is a file."""

import asyncio
from typing import ClassVar

from h11 import Request
from uvicorn.protocols.http.h11_impl import H11Protocol


class PromptHttp(H11Protocol):
    """Lets go of who has been answered, or asked nothing yet, and has sent no whole head since for `head_seconds`.

    A phone that lost its network never says so; somebody who means harm opens connections until there is room for none.
    """

    head_seconds: ClassVar[float] = 30.0
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait()

    def handle_websocket_upgrade(self, event: Request) -> None:
        """From here on the connection is another protocol's."""
        super().handle_websocket_upgrade(event)
        self._wait_no_more()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._wait_no_more()

    def _wait(self) -> None:
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering or self not in self.connections or self.transport.is_closing():
            self._wait_no_more()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(self.head_seconds, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
