"""`pantau dashboards` as a process that dies and hangs, and comes back where it was."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from deploy.local.ports import free_port
from tests.patience import PATIENCE_SECONDS
from tests.rig import Process


@dataclass
class Server:
    url: str
    process: Process

    async def start(self) -> None:
        """Returns when it has read the database."""
        self.process.start()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not await asyncio.to_thread(self.process.is_ready):
            assert time.monotonic() < deadline, "pantau dashboards is not ready"
            await asyncio.sleep(0.05)

    def kill(self) -> None:
        self.process.kill()

    def hang(self) -> None:
        """Its connections stand, and nobody is behind them."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)


@asynccontextmanager
async def serving(environment: Mapping[str, str]) -> AsyncIterator[Server]:
    """A server told the same but for its ports, which are its own."""
    address, ops_port = f"127.0.0.1:{free_port()}", free_port()
    process = Process(("dashboards",), {**environment, "PANTAU_LISTEN": address}, ops_port=ops_port)
    server = Server(f"http://{address}", process)
    try:
        await server.start()
        yield server
    finally:
        server.kill()
