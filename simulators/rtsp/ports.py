"""Where the server sends UDP from: a port for RTP and the next one for RTCP."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

ATTEMPTS = 100


@contextmanager
def port_pair(host: str, family: socket.AddressFamily) -> Iterator[tuple[socket.socket, socket.socket]]:
    """An even port and the next (RFC 3550 11), on which nothing is read: clients' reports are left to the kernel,
    which drops what is too much. Raises OSError when none of `ATTEMPTS` free ports has a free neighbour.
    """
    for _ in range(ATTEMPTS):
        with socket.socket(family, socket.SOCK_DGRAM) as media, socket.socket(family, socket.SOCK_DGRAM) as control:
            if _bound(media, control, host):
                media.setblocking(False)
                control.setblocking(False)
                yield media, control
                return
    raise OSError(errno.EADDRINUSE, "no two neighbouring UDP ports are free")


def _bound(media: socket.socket, control: socket.socket, host: str) -> bool:
    media.bind((host, 0))
    port: int = media.getsockname()[1]
    if port % 2:
        return False
    try:
        control.bind((host, port + 1))
    except OSError as taken:
        if taken.errno == errno.EADDRINUSE:
            return False
        raise
    return True
