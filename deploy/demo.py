"""`make demo`: the whole centre on this machine with simulated hardware, from nothing to a URL and a login."""

import asyncio
import os
import secrets
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx

from dashboards import accounts, tokens
from dashboards.roles import Role
from deploy import cli, log, up
from deploy.clocks import utc_now
from deploy.commands.failed import FailedError
from deploy.database import connect
from deploy.listen import ListenError
from deploy.local.failure import LocalServerError
from deploy.local.mosquitto import Mosquitto
from deploy.local.postgres import Postgres
from deploy.local.root import ensure_root
from deploy.settings import RefusedError, Settings, read_settings
from deploy.supervise import side_by_side

LOCAL = Path(__file__).parents[1] / ".local"
USER = "operator"
TOKEN = "demo"  # noqa: S105  its name
READY_SECONDS = 120


def main() -> int:
    log.to_stderr()
    environ = os.environ
    environ.setdefault("PANTAU_DATA_DIR", str(LOCAL / "demo" / "data"))
    try:
        with servers(environ):
            settings = read_settings(environ, needs=("PANTAU_DATABASE_URL", "PANTAU_MQTT_URL"))
            with settings.listen.bound():
                pass
            asyncio.run(cli.until_signalled(side_by_side(up.run(settings, simulate=True), welcome(settings))))
    except (LocalServerError, ListenError, FailedError) as failed:
        return cli.say(cli.FAILED, str(failed))
    except RefusedError as refused:
        return cli.say(cli.REFUSED, *refused.faults)
    return cli.DONE


@contextmanager
def servers(environ: MutableMapping[str, str]) -> Iterator[None]:
    """The servers that the environment names, or our own, which it names from then on."""
    with ExitStack() as stack:
        if "PANTAU_DATABASE_URL" not in environ:
            postgres = Postgres(LOCAL / "demo" / "postgres", root=ensure_root(LOCAL / "servers"))
            environ["PANTAU_DATABASE_URL"] = stack.enter_context(postgres).url
        if "PANTAU_MQTT_URL" not in environ:
            mosquitto = Mosquitto(LOCAL / "demo" / "mosquitto", root=ensure_root(LOCAL / "servers"))
            environ["PANTAU_MQTT_URL"] = stack.enter_context(mosquitto).url
        yield


async def welcome(settings: Settings) -> None:
    """Wait until the centre answers, then print where it is and how to get in. Each start has a login of its own."""
    url = settings.external_url
    await _until_ready(url)
    password = secrets.token_urlsafe(9)
    async with connect(settings.database_url) as connection:
        now, dice = utc_now(), secrets.token_bytes
        await accounts.create(connection, USER, Role.OPERATOR, password, now=now, token_bytes=dice)
        await tokens.revoke(connection, TOKEN, now=now)
        token = await tokens.create(connection, TOKEN, Role.OPERATOR, now=now, token_bytes=dice)
    print(f"url: {url}\nuser: {USER}\npassword: {password}\ntoken: {token}", flush=True)


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
