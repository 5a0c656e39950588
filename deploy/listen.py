"""An address to listen on, and the honest word when it is taken."""

import errno
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from deploy.refused import RefusedError

ADVICE = {
    errno.EADDRINUSE: "stop what holds that port, or set {variable} to another",
    errno.EACCES: "ports under 1024 are root's; set {variable} to another",
}


class ListenError(Exception):
    """The port is taken, or the host is not ours: a line for each."""


@dataclass(frozen=True, slots=True)
class Address:
    """`variable` is the environment variable that chose it, named in errors. Port 0 is any free one."""

    host: str
    port: int
    variable: str

    @classmethod
    def parse(cls, text: str, variable: str) -> "Address":
        """`host:port`, an IPv6 host in brackets. Raises RefusedError; for port 0 too, where nobody would find us."""
        host, _, port = text.rpartition(":")
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        if not bare or (":" in bare) != (bare != host) or not port.isdecimal() or not 0 < int(port) <= 65_535:
            raise RefusedError([f"{variable}: {text!r} is not host:port"])
        return cls(bare, int(port), variable)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @contextmanager
    def bound(self) -> Iterator[socket.socket]:
        """A listening socket. Raises ListenError."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind((self.host, self.port))
                sock.listen(1_024)
            except OSError as fault:
                advice = ADVICE.get(fault.errno or 0, "set {variable} to another").format(variable=self.variable)
                raise ListenError(f"cannot listen on {self} ({fault.strerror}): {advice}") from fault
            yield sock


def require_free(addresses: Iterable[Address]) -> None:
    """Raise ListenError, a line for every address on which nobody could listen now."""
    taken = [why for address in addresses if (why := _why_not(address))]
    if taken:
        raise ListenError("\n".join(taken))


def _why_not(address: Address) -> str | None:
    try:
        with address.bound():
            return None
    except ListenError as taken:
        return str(taken)
