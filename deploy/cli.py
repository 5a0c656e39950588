"""The command line: `pantau`. Exit codes: 0 done, 1 failed while running, 2 refused (settings or arguments)."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from deploy import log
from deploy.commands import check_config, devices, migrate, tokens
from deploy.commands.failed import FailedError
from deploy.listen import ListenError
from deploy.settings import RefusedError, Settings, read_settings
from devices.inventory import Format

DONE, FAILED, REFUSED = 0, 1, 2
DATABASE, BROKER = "PANTAU_DATABASE_URL", "PANTAU_MQTT_URL"

Work = Coroutine[Any, Any, None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, read the settings, work, and say how it went."""
    asked = parser().parse_args(arguments)
    code = _done(asked)
    if asked.leaves_at_once:
        # A thread may be inside OpenCV for seconds yet, and an interpreter that ends under it aborts.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _done(asked: argparse.Namespace) -> int:
    log.to_stderr()
    try:
        settings = read_settings(os.environ, needs=asked.needs)
        asyncio.run(until_signalled(asked.work(settings, asked)))
    except RefusedError as refused:
        return say(REFUSED, *refused.faults)
    except (FailedError, ListenError) as failed:
        return say(FAILED, str(failed))
    except psycopg.OperationalError as failed:
        return say(FAILED, f"the database: {' '.join(str(failed).split())}")
    return DONE


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="pantau", description="The back end of a regency's command centre.")
    root.add_argument("--version", action="version", version=version("pantau"))
    commands = root.add_subparsers(metavar="COMMAND", required=True)
    _add_processes(commands)
    _add_devices(commands)
    _add_token(commands)
    _add(commands, "migrate", "bring the database to the newest migration", [DATABASE]).set_defaults(
        work=lambda settings, _asked: migrate.run(settings)
    )
    _add(commands, "check-config", "read everything, start nothing").set_defaults(
        work=lambda settings, _asked: check_config.run(settings)
    )
    return root


def _add_processes(commands: Any) -> None:  # noqa: ANN401  argparse's type is private
    up = _add(commands, "up", "the whole centre under one supervisor", [DATABASE, BROKER])
    up.add_argument("--simulate", action="store_true", help="play the city's hardware too")
    up.set_defaults(work=_up)

    ingest = _add(commands, "ingest", "MQTT to committed rows", [DATABASE, BROKER])
    ingest.add_argument("--worker", type=int, default=1, metavar="N", help="which of [ingest] workers (default 1)")
    ingest.set_defaults(work=_ingest)

    _add(commands, "alerts", "rules to notifications", [DATABASE]).set_defaults(work=_alerts)
    _add(commands, "dashboards", "the API and the page", [DATABASE]).set_defaults(work=_dashboards)

    video = _add(commands, "video", "the cameras", [DATABASE, BROKER])
    video.add_argument("--rtsp-base", metavar="URL", help="look for every camera at URL/ID, not at its rtsp_url")
    video.set_defaults(work=_video, leaves_at_once=True)

    simulate = _add(commands, "simulate", "the city's hardware, played", [BROKER])
    simulate.add_argument("--city", type=Path, metavar="F", help="a device list; default: the configured city's")
    simulate.add_argument("--speed", type=float, default=1.0, metavar="N", help="so many times as fast as life")
    simulate.add_argument("--rate", type=float, metavar="N/S", help="a load of N messages per second instead")
    simulate.add_argument("--rtsp-port", type=int, default=8554, metavar="PORT", help="the cameras' (default 8554)")
    simulate.set_defaults(work=_simulate)


def _add_devices(commands: Any) -> None:  # noqa: ANN401  argparse's type is private
    verbs = _add(commands, "devices", "the registry").add_subparsers(metavar="VERB", required=True)
    load = _add(verbs, "import", "all devices of a CSV or GeoJSON file, or none", [DATABASE])
    load.add_argument("file", type=Path)
    load.set_defaults(work=lambda settings, asked: devices.import_file(settings, asked.file))
    export = _add(verbs, "export", "the registry as a file", [DATABASE])
    export.add_argument("--format", type=Format, choices=list(Format), default=Format.CSV)
    export.set_defaults(work=lambda settings, asked: devices.export(settings, asked.format))
    show = _add(verbs, "list", "a line per device", [DATABASE])
    show.add_argument("--json", action="store_true")
    show.set_defaults(work=lambda settings, asked: devices.show(settings, as_json=asked.json))


def _add_token(commands: Any) -> None:  # noqa: ANN401  argparse's type is private
    verbs = _add(commands, "token", "who may ask the API").add_subparsers(metavar="VERB", required=True)
    create = _add(verbs, "create", "print a new token, once", [DATABASE])
    create.add_argument("--role", required=True, choices=["wall", "technician", "operator", "admin"])
    create.add_argument("--name", required=True)
    create.set_defaults(work=lambda settings, asked: tokens.create(settings, role=asked.role, name=asked.name))
    show = _add(verbs, "list", "a line per token", [DATABASE])
    show.add_argument("--json", action="store_true")
    show.set_defaults(work=lambda settings, asked: tokens.show(settings, as_json=asked.json))
    revoke = _add(verbs, "revoke", "a token that opens nothing any more", [DATABASE])
    revoke.add_argument("name")
    revoke.set_defaults(work=lambda settings, asked: tokens.revoke(settings, name=asked.name))


def _add(commands: Any, name: str, help_: str, needs: Sequence[str] = ()) -> argparse.ArgumentParser:  # noqa: ANN401
    command: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_)
    command.set_defaults(needs=needs, leaves_at_once=False)
    return command


# A process is imported when it is asked for: what one needs is a burden to the others.


def _up(settings: Settings, asked: argparse.Namespace) -> Work:
    from deploy import up  # noqa: PLC0415

    return up.run(settings, simulate=asked.simulate)


def _ingest(settings: Settings, asked: argparse.Namespace) -> Work:
    from deploy.processes import ingest  # noqa: PLC0415

    if not 1 <= asked.worker <= settings.city.ingest.workers:
        raise RefusedError(
            [f"--worker {asked.worker}: {settings.config} has [ingest] workers = {settings.city.ingest.workers}"]
        )
    return ingest.run(settings, number=asked.worker)


def _alerts(settings: Settings, _asked: argparse.Namespace) -> Work:
    from deploy.processes import alerts  # noqa: PLC0415

    return alerts.run(settings)


def _dashboards(settings: Settings, _asked: argparse.Namespace) -> Work:
    from deploy.processes import dashboards  # noqa: PLC0415

    return dashboards.run(settings)


def _video(settings: Settings, asked: argparse.Namespace) -> Work:
    from deploy.processes import video  # noqa: PLC0415

    return video.run(settings, rtsp_base=asked.rtsp_base)


def _simulate(settings: Settings, asked: argparse.Namespace) -> Work:
    from deploy.processes import simulate  # noqa: PLC0415

    if asked.rate is not None:
        return simulate.load(settings, devices_file=asked.city, rate=asked.rate)
    return simulate.run(settings, devices_file=asked.city, speed=asked.speed, rtsp_port=asked.rtsp_port)


async def until_signalled(work: Work) -> None:
    """Run to the end, or until SIGINT or SIGTERM, which end a process well."""
    task = asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()


def say(code: int, *words: str) -> int:
    """Tell the person at the terminal, and return the exit code."""
    for word in words:
        print(f"pantau: {word}", file=sys.stderr)
    return code
