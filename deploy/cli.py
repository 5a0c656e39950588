"""The command line: `pantau`. Exit codes: 0 done, 1 failed while running, 2 refused (settings or arguments)."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dashboards.roles import Role
from deploy import log
from deploy.commands import check_config, devices, migrate, tokens
from deploy.commands.failed import FailedError
from deploy.ending import Work, end_of, until_signalled
from deploy.refused import RefusedError
from deploy.server_urls import BROKER, DATABASE
from deploy.settings import Settings, read_settings
from devices.inventory import Format


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, read the settings, work, and say how it went."""
    asked = parser().parse_args(arguments)
    log.to_stderr()
    code = end_of(lambda: _do(asked))
    if asked.leaves_at_once:
        # A thread may be inside OpenCV for seconds yet, and an interpreter that ends under it aborts.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _do(asked: argparse.Namespace) -> None:
    settings = read_settings(os.environ, needs=asked.needs)
    came_to_its_end = asyncio.run(until_signalled(asked.work(settings, asked)))
    if not came_to_its_end and not asked.endless:
        raise FailedError("interrupted")


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="pantau", description="The back end of a regency's command centre.")
    root.add_argument("--version", action="version", version=version("pantau"))
    commands = root.add_subparsers(metavar="COMMAND", required=True)
    _add_processes(commands)
    _add_devices(commands)
    _add_token(commands)
    _add_channels(commands)
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
    up.add_argument("--scenario", type=Path, metavar="F", help="with --simulate: what breaks in it, and heals")
    up.set_defaults(work=_up, endless=True)

    ingest = _add(commands, "ingest", "MQTT to committed rows", [DATABASE, BROKER])
    ingest.add_argument(
        "--worker",
        type=int,
        default=1,
        metavar="N",
        help="which of [ingest] workers; one beyond them drains what is queued for it",
    )
    ingest.set_defaults(work=_ingest, endless=True)

    _add(commands, "alerts", "rules to notifications", [DATABASE]).set_defaults(work=_alerts, endless=True)
    dashboards = _add(commands, "dashboards", "the API and the page", [DATABASE])
    dashboards.set_defaults(work=_dashboards, endless=True)

    video = _add(commands, "video", "the cameras", [DATABASE, BROKER])
    video.add_argument("--rtsp-base", metavar="URL", help="look for every camera at URL/ID, not at its rtsp_url")
    video.set_defaults(work=_video, endless=True, leaves_at_once=True)

    simulate = _add(commands, "simulate", "the city's hardware, played", [BROKER])
    simulate.add_argument("--city", type=Path, metavar="F", help="a device list; default: the configured city's")
    simulate.add_argument(
        "--speed", type=_within(1, 100), default=1.0, metavar="N", help="so many times as fast as life"
    )
    simulate.add_argument(
        "--rate", type=_within(0.001, 1_000_000), metavar="N/S", help="a load of N messages per second instead"
    )
    simulate.add_argument("--scenario", type=Path, metavar="F", help="what breaks in it, and heals; default: nothing")
    simulate.add_argument("--rtsp-port", type=_port, default=8554, metavar="PORT", help="the cameras' (default 8554)")
    simulate.set_defaults(work=_simulate, endless=True)


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
    create.add_argument("--role", required=True, choices=[role.word for role in Role])
    create.add_argument("--name", required=True)
    create.set_defaults(work=lambda settings, asked: tokens.create(settings, role=asked.role, name=asked.name))
    show = _add(verbs, "list", "a line per token", [DATABASE])
    show.add_argument("--json", action="store_true")
    show.set_defaults(work=lambda settings, asked: tokens.show(settings, as_json=asked.json))
    revoke = _add(verbs, "revoke", "a token that opens nothing any more", [DATABASE])
    revoke.add_argument("name")
    revoke.set_defaults(work=lambda settings, asked: tokens.revoke(settings, name=asked.name))


def _add_channels(commands: Any) -> None:  # noqa: ANN401  argparse's type is private
    doctor = _add(commands, "doctor", "can I reach broker, database, cameras, channels?")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(work=_doctor)
    verbs = _add(commands, "notify", "the channels").add_subparsers(metavar="VERB", required=True)
    test = _add(verbs, "test", "a page that says it is none, on every channel or on one; what came of it")
    test.add_argument("channel", nargs="?", metavar="CHANNEL")
    test.add_argument("--to", metavar="ADDRESS", help="a chat, number, mailbox or topic; default: the channel's own")
    test.add_argument("--json", action="store_true")
    test.set_defaults(work=_notify_test)


def _add(commands: Any, name: str, help_: str, needs: Sequence[str] = ()) -> argparse.ArgumentParser:  # noqa: ANN401
    command: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_)
    command.set_defaults(needs=needs, endless=False, leaves_at_once=False)
    return command


def _within(least: float, most: float) -> Callable[[str], float]:
    """A number of these bounds, as argparse asks for one."""

    def number(text: str) -> float:
        if not least <= (found := float(text)) <= most:
            raise argparse.ArgumentTypeError(f"{text} is not within {least:g} and {most:g}")
        return found

    return number


def _port(text: str) -> int:
    return int(_within(1, 65_535)(text))


# A process is imported when it is asked for: what one needs is a burden to the others.


def _up(settings: Settings, asked: argparse.Namespace) -> Work:
    from deploy import up  # noqa: PLC0415

    if asked.scenario is not None and not asked.simulate:
        raise RefusedError(["--scenario: nothing is played without --simulate"])
    return up.run(settings, simulate=asked.simulate, scenario=asked.scenario)


def _ingest(settings: Settings, asked: argparse.Namespace) -> Work:
    from deploy.processes import ingest  # noqa: PLC0415

    if asked.worker < 1:
        raise RefusedError([f"--worker {asked.worker}: workers are counted from 1"])
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


def _doctor(settings: Settings, asked: argparse.Namespace) -> Work:
    from deploy.commands import doctor  # noqa: PLC0415

    return doctor.run(settings, as_json=asked.json)


def _notify_test(settings: Settings, asked: argparse.Namespace) -> Work:
    from deploy.commands import notify  # noqa: PLC0415

    if asked.to is not None and asked.channel is None:
        raise RefusedError(["--to: an address belongs to a channel; name the CHANNEL too"])
    return notify.try_out(settings, channel=asked.channel, to=asked.to, as_json=asked.json)


def _simulate(settings: Settings, asked: argparse.Namespace) -> Work:
    from deploy.processes import simulate  # noqa: PLC0415

    if asked.rate is not None:
        return simulate.load(settings, devices_file=asked.city, rate=asked.rate)
    return simulate.run(
        settings, devices_file=asked.city, speed=asked.speed, rtsp_port=asked.rtsp_port, scenario=asked.scenario
    )
