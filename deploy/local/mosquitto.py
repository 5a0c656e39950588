"""Mosquitto 2 on the loopback address."""

import signal
from collections.abc import Sequence
from pathlib import Path

from deploy.local.ports import LOOPBACK, answers
from deploy.local.sandbox import DATA
from deploy.local.server import LocalServer

LIMITS = Path(__file__).parents[1] / "mosquitto" / "conf.d" / "10-limits.conf"


class Mosquitto(LocalServer):
    """A broker with production's limits, open to everybody on this machine and to nobody else.

    `config` is a file of limits like `deploy/mosquitto/conf.d/10-limits.conf`: no listener, path or login in it.
    """

    name = "Mosquitto"
    stop_signal = signal.SIGTERM  # it saves what is queued; a kill forgets what came since the last save

    def __init__(self, data: Path, *, root: Path, port: int = 0, config: Path | None = None) -> None:
        super().__init__(data, root=root, port=port)
        self._config = config or LIMITS

    @property
    def url(self) -> str:
        """The broker's URL; it asks for no login."""
        return f"mqtt://{LOOPBACK}:{self.port}"

    def _prepare(self) -> Sequence[str]:
        (self._data / "store").mkdir(exist_ok=True)
        (self._data / "mosquitto.conf").write_text(local_config(self._config.read_text(), port=self.port))
        return ("/usr/sbin/mosquitto", "-c", f"{DATA}/mosquitto.conf")

    def _ready(self) -> bool:
        return answers(self.port)


def local_config(limits: str, *, port: int) -> str:
    """Return the whole configuration: the limits given, and our own listener, login and place."""
    return f"""{limits.rstrip()}

# Of this broker alone
listener {port} {LOOPBACK}
allow_anonymous true
persistence_location {DATA}/store/
log_dest stderr
log_type error
log_type warning
log_type notice
connection_messages false
"""
