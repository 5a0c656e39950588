"""How much may lie unsent in a connection: little, so that nobody is sent what has grown old on its way to him."""

import socket

UNSENT_BYTES = 16 * 1024


def limit_unsent(listening: socket.socket) -> None:
    """For all connections that this listening socket will accept (tcp(7), TCP_NOTSENT_LOWAT).

    The kernel else takes some megabytes for a slow viewer, dozens of pictures, and he is shown each of them late: at
    50 kB/s 19 s late after 20 s, and more from then on. What is under way already is not limited, so nothing is slower.
    """
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
