"""`make demo`: the whole centre on this machine with simulated hardware, from nothing to a URL and a login."""

import asyncio
import logging
import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import httpx
from psycopg import AsyncConnection

from dashboards import audit
from dashboards.rights import accounts, tokens
from dashboards.roles import Role
from deploy import up
from deploy.clocks import utc_now
from deploy.commands.failed import FailedError
from deploy.database import connect
from deploy.ending import DONE, end_of, until_signalled
from deploy.http_server import serve
from deploy.local.mosquitto import Mosquitto
from deploy.local.postgres import Postgres
from deploy.local.root import ensure_root
from deploy.log import to_stderr
from deploy.rehearse import Rehearsal, pass_on
from deploy.server_urls import BROKER, DATABASE, SERVERS
from deploy.settings import Settings, read_settings
from deploy.supervise import side_by_side
from devices.broker import BrokerAddress
from simulators.telephones import Telephones

LOCAL = Path(__file__).parents[1] / ".local"
USER = "operator"
TOKEN = "demo"  # noqa: S105  its name
WALL_TOKEN = "demo-wall"  # noqa: S105  its name
GATEWAY_TOKEN = "demo-sms"  # noqa: S105  its name
READY_SECONDS = 120
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

log = logging.getLogger(__name__)


def main() -> int:
    to_stderr()
    heed_signals(interrupt)
    try:
        return end_of(lambda: play(os.environ))
    except KeyboardInterrupt:
        return DONE


def play(environ: MutableMapping[str, str]) -> None:
    """Run until a signal. All that the demo writes is in PANTAU_DATA_DIR, and its processes read `environ` too."""
    environ.setdefault("PANTAU_DATA_DIR", str(LOCAL / "demo"))
    settings = read_settings(environ)
    up.require_ports(settings, simulate=True)  # before the servers, which take their time
    rehearsal = Rehearsal.beside(settings.config)
    log.info("starting TimescaleDB, Mosquitto and the centre: a moment, and the login is below")
    with servers(environ, Path(environ["PANTAU_DATA_DIR"])):
        if rehearsal is not None:
            rehearsal.add_paging(environ, settings)
        settings = read_settings(environ, needs=SERVERS)
        asyncio.run(until_signalled(centre(settings, rehearsal)))
        heed_signals(signal.SIG_IGN)


async def centre(settings: Settings, rehearsal: Rehearsal | None) -> None:
    """The whole of it, until cancelled."""
    if rehearsal is None:
        await side_by_side(up.run(settings, simulate=True), welcome(settings))
        return
    token: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def answer(number: str, text: str) -> None:
        await pass_on(f"http://{settings.listen}", await token, number, text)

    telephones = Telephones(answer, now=utc_now)
    await side_by_side(
        up.run(settings, simulate=True, scenario=rehearsal.scenario),
        serve(telephones.app, rehearsal.gateway),
        telephones.run(),
        welcome(settings, rehearsal, token),
    )


def interrupt(*_: object) -> NoReturn:
    """Unwind, once: a second signal would only disturb the stopping, which has begun and has time limits of its own."""
    heed_signals(signal.SIG_IGN)
    raise KeyboardInterrupt


def heed_signals(handler: Callable[..., NoReturn] | signal.Handlers) -> None:
    for number in ENDING_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # under nohup it stays so
            signal.signal(number, handler)


@contextmanager
def servers(environ: MutableMapping[str, str], folder: Path) -> Iterator[None]:
    """The servers that the environment names, or our own with their data in `folder`, which it names from then on."""
    with ExitStack() as stack:
        for name, kind in ((DATABASE, Postgres), (BROKER, Mosquitto)):
            if not (environ.get(name) or environ.get(f"{name}_FILE")):
                server = kind(folder / kind.__name__.lower(), root=ensure_root(LOCAL / "servers"))
                environ[name] = stack.enter_context(server).url
        yield


async def welcome(
    settings: Settings, rehearsal: Rehearsal | None = None, gateway: asyncio.Future[str] | None = None
) -> None:
    """Wait until the centre answers, then print where it is and how to get in. Each start has a login of its own."""
    url = f"http://{settings.listen}"
    await _until_ready(url)
    password = secrets.token_urlsafe(9)
    said = {"url": url, "user": USER, "password": password}
    async with connect(settings.database_url) as connection:
        await _new_account(connection, USER, Role.OPERATOR, password)
        said["token"] = await _new_token(connection, TOKEN, Role.OPERATOR)
        said["wall"] = f"{url}/wall?token={await _new_token(connection, WALL_TOKEN, Role.WALL)}"
        said["desk"] = f"{url}/desk"
        if rehearsal is not None and gateway is not None:
            gateway.set_result(await _new_token(connection, GATEWAY_TOKEN, Role.TECHNICIAN))
            await rehearsal.call_up(url, said["token"])
            await _new_technician(connection, rehearsal.technician, password)
            said |= {"phone": f"{url}/phone", "technician": rehearsal.technician, "sms": f"http://{rehearsal.gateway}"}
    broker = BrokerAddress.parse(settings.mqtt_url)  # without the login that the URL may have
    said["mqtt"] = f"{broker.host}:{broker.port}"
    print("\n".join(f"{name}: {value}" for name, value in said.items()), flush=True)


async def _new_account(connection: AsyncConnection[Any], name: str, role: Role, password: str) -> None:
    await accounts.create(connection, name, role, password, now=utc_now(), token_bytes=secrets.token_bytes)


async def _new_technician(connection: AsyncConnection[Any], id_: str, password: str) -> None:
    """An account of somebody who is on call, under the same name."""
    await _new_account(connection, id_, Role.TECHNICIAN, password)
    await accounts.link(connection, id_, id_, now=utc_now(), by=audit.CLI)


async def _new_token(connection: AsyncConnection[Any], name: str, role: Role) -> str:
    """In the place of the one that the last start printed."""
    await tokens.revoke(connection, name, now=utc_now())
    return await tokens.create(connection, name, role, now=utc_now(), token_bytes=secrets.token_bytes)


async def _until_ready(url: str) -> None:
    async with httpx.AsyncClient(timeout=2) as client:
        for _ in range(READY_SECONDS):
            with suppress(httpx.TransportError):
                if (await client.get(f"{url}/readyz")).is_success:
                    return
            await asyncio.sleep(1)
    raise FailedError(f"the centre at {url} is not ready after {READY_SECONDS} s: its log above says why")


if __name__ == "__main__":
    sys.exit(main())
