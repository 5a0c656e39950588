"""An address to listen on, and the honest word when it is taken."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class ListenError(Exception):
    """The port is taken, or the host is not ours."""


@dataclass(frozen=True, slots=True)
class Address:
    """`variable` is the environment variable that chose it, named in errors. Port 0 is any free one."""

    host: str
    port: int
    variable: str

    @classmethod
    def parse(cls, text: str, variable: str) -> "Address":
        """`host:port`, an IPv6 host in brackets. Raises ValueError."""
        host, colon, port = text.rpartition(":")
        if not colon or not host or not port.isdecimal() or int(port) > 65_535:
            raise ValueError(f"{text!r} is not host:port")
        return cls(host.strip("[]"), int(port), variable)

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
                raise ListenError(
                    f"cannot listen on {self.host}:{self.port} ({fault.strerror}): "
                    f"stop what holds that port, or set {self.variable} to another"
                ) from fault
            yield sock
