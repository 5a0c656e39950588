"""`python -m deploy.local`: needs nothing but Python's own library, so any python3 from 3.11 runs it."""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from deploy.local.failure import LocalServerError
from deploy.local.mosquitto import Mosquitto
from deploy.local.postgres import Postgres
from deploy.local.root import ensure_root

LOOK_SECONDS = 0.5  # how soon a server that ended by itself is noticed


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 done, 1 failed; argparse itself exits with 2 for arguments it refuses."""
    options = _parser().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # as Ctrl-C: an exception that unwinds to here
    try:
        root = ensure_root(options.servers, install_tools=options.command == "setup")
        if options.command == "run":
            run(options, root)
    except LocalServerError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 0 if options.command == "run" else 1
    return 0


def run(options: argparse.Namespace, root: Path) -> None:
    """Keep both servers until interrupted. Raises LocalServerError when one ends by itself."""
    with (
        Postgres(options.data / "postgres", root=root, port=options.postgres_port) as postgres,
        Mosquitto(options.data / "mosquitto", root=root, port=options.mosquitto_port) as mosquitto,
    ):
        sys.stdout.write(f"PANTAU_DATABASE_URL={postgres.url}\nPANTAU_MQTT_URL={mosquitto.url}\n")
        sys.stdout.flush()
        while postgres.running and mosquitto.running:
            time.sleep(LOOK_SECONDS)
        ended = mosquitto if postgres.running else postgres
        raise LocalServerError(f"{ended.name} ended by itself: see {options.data}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description="TimescaleDB and Mosquitto, no Docker")
    parser.add_argument(
        "--servers", type=Path, default=Path(".local/servers"), metavar="DIR", help="their programs (%(default)s)"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("setup", help="unpack the programs, once; as root also install the tools for that")
    running = commands.add_parser("run", help="start both, print their URLs, stop them on Ctrl-C")
    running.add_argument("--data", type=Path, default=Path(".local/data"), metavar="DIR", help="(%(default)s)")
    running.add_argument("--postgres-port", type=int, default=0, metavar="N", help="default: a free one")
    running.add_argument("--mosquitto-port", type=int, default=0, metavar="N", help="default: a free one")
    return parser


if __name__ == "__main__":
    sys.exit(main())
