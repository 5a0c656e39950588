"""TCP ports on the loopback address."""

import socket

from deploy.local.failure import LocalServerError

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
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
