"""pantau up: the whole centre on one machine, its processes under one supervisor."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import psycopg

from deploy.clocks import real_supervisor
from deploy.commands.devices import import_when_empty
from deploy.database import migrate
from deploy.ending import REFUSED
from deploy.listen import Address, require_free
from deploy.local.ports import answers, free_port
from deploy.refused import RefusedError
from deploy.settings import OPS_PORTS, Settings
from deploy.supervise import Supervisor, side_by_side

# A process that does not leave within this time is killed.
LEAVE_SECONDS = 10.0
# How long a process waits for the one it begins after.
AFTER_SECONDS = 30
# Further ingest workers on one machine open their own door so many ports further.
WORKER_PORTS = 10
# The kernel ends a process when its parent dies from the moment it is asked to (prctl(2), PR_SET_PDEATHSIG): a parent
# that had died before is noticed by whose child the process is by then.
DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM", "sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"')

log = logging.getLogger(__name__)


class ProcessEndedError(Exception):
    """A process ended that should not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One process: the arguments of `pantau`, and where it has its own door, if it has one.

    It is begun once something listens on the loopback port `after`, or when that has been waited for long enough.
    """

    name: str
    arguments: Sequence[str]
    ops: Address | None = None
    after: int | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        """What it is told beside what we were."""
        return {self.ops.variable: str(self.ops)} if self.ops else {}


async def run(settings: Settings, *, simulate: bool, scenario: Path | None = None) -> None:
    """Migrate, fill an empty registry from the city's list, and keep every process running until cancelled.

    Raises ListenError where a port is taken now, and RefusedError for settings. A process that loses its port later is
    begun again like one that ended in any other way: whoever took the port may give it back.
    """
    require_ports(settings, simulate=simulate)
    supervisor = real_supervisor()
    await supervisor.until("database", partial(_prepare, settings), patient_with=psycopg.OperationalError)
    begun = commands(settings, simulate=simulate, scenario=scenario)
    await side_by_side(*(_keep(supervisor, command) for command in begun))


async def _prepare(settings: Settings) -> None:
    await migrate(settings.database_url)
    if count := await import_when_empty(settings):
        log.info("the registry was empty: %d devices of %s are in it now", count, settings.devices_file.name)


def require_ports(settings: Settings, *, simulate: bool) -> None:
    """Raise ListenError, a line for every address that a process of ours could not listen on now."""
    doors = [command.ops for command in commands(settings, simulate=simulate) if command.ops]
    require_free([settings.listen, *doors])


def commands(settings: Settings, *, simulate: bool, scenario: Path | None = None) -> list[Command]:
    """The processes of a city, simulated hardware among them where asked for."""
    workers = range(1, settings.city.ingest.workers + 1)
    found = [_process(settings, "ingest", "--worker", str(number), port_offset=number - 1) for number in workers]
    found += [_process(settings, name) for name in ("alerts", "dashboards")]
    if not simulate:
        return [*found, _process(settings, "video")]
    port = free_port()
    video = _process(settings, "video", "--rtsp-base", f"rtsp://127.0.0.1:{port}")
    story = () if scenario is None else ("--scenario", str(scenario))
    hardware = Command(name="simulate", arguments=["simulate", "--rtsp-port", str(port), *story])
    return [*found, hardware, replace(video, after=port)]


def _process(settings: Settings, name: str, *arguments: str, port_offset: int = 0) -> Command:
    """Every process has a door of its own: PANTAU_OPS_LISTEN, if given, moves all of them and keeps their distances."""
    first = settings.ops_address("ingest")
    port = first.port + OPS_PORTS[name] - OPS_PORTS["ingest"] + WORKER_PORTS * port_offset
    return Command(name=name, arguments=[name, *arguments], ops=Address(first.host, port, first.variable))


async def _keep(supervisor: Supervisor, command: Command) -> None:
    await supervisor.until(command.name, partial(_live, command), patient_with=ProcessEndedError)


async def _live(command: Command) -> None:
    """One life of a process, which ends when we die, however we die.

    It gets a session of its own, since Ctrl-C in a terminal is for us, who then stop the processes in order.
    """
    if command.after is not None:
        await _until_answered(command.after)
    process = await asyncio.create_subprocess_exec(
        *(*DIES_WITH_US, str(os.getpid()), sys.executable, "-m", "deploy", *command.arguments),
        env={**os.environ, **command.environment},
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        await _end(command.name, process)
        raise
    if code == REFUSED:
        raise RefusedError([f"pantau {command.name} refused its settings: see above"])
    raise ProcessEndedError(f"pantau {command.name} ended with {code}")


async def _until_answered(port: int) -> None:
    for _ in range(AFTER_SECONDS):
        if answers(port):
            return
        await asyncio.sleep(1)


async def _end(name: str, process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(LEAVE_SECONDS):
            await process.wait()
    except TimeoutError:
        log.warning("%s did not leave within %g s and is killed", name, LEAVE_SECONDS)
        process.kill()
        await process.wait()
