"""TCP ports on the loopback address."""

import secrets
import socket

from deploy.local.failure import LocalServerError

LOOPBACK = "127.0.0.1"
FIRST_PORT, PORTS = 20_000, 12_000


def free_port() -> int:
    """Return a port that nobody holds now, and that no outgoing connection will be given: Linux takes 32768 and above.

    So a server that is stopped for a while finds its port free when it comes back.
    """
    while True:
        port = FIRST_PORT + secrets.randbelow(PORTS)
        try:
            require_free(port, server="a server")
        except LocalServerError:
            continue
        return port


def require_free(port: int, *, server: str) -> None:
    """Raise LocalServerError if something listens on `port` already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of a server now gone do not count
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise LocalServerError(
                f"{server} cannot have {LOOPBACK}:{port} ({error.strerror}): end what holds it or give another port"
            ) from error


def answers(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True
