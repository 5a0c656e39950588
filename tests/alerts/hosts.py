"""Hosts on the loopback whose network can be cut, for whoever asks them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

LOOK_SECONDS = 0.02


@dataclass
class Host:
    """Takes every connection and closes it; once cut it answers none, as if it were not there.

    A queue of waiting connections that is full makes the kernel drop every further request for one.
    """

    listener: socket.socket
    _clogs: list[socket.socket] = field(default_factory=list)
    _cut: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)
    _resting: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def cut(self) -> None:
        self._cut.set()
        self._resting.wait()
        self.listener.listen(0)
        for _ in range(4):
            clog = socket.socket()
            clog.setblocking(False)
            clog.connect_ex(self.listener.getsockname())
            self._clogs.append(clog)

    def restore(self) -> None:
        for clog in self._clogs:
            clog.close()
        self._clogs.clear()
        self.listener.listen(128)
        self._cut.clear()

    def serve(self) -> None:
        self.listener.settimeout(LOOK_SECONDS)
        while not self._over.is_set():
            if self._cut.is_set():
                self._resting.set()
                self._over.wait(LOOK_SECONDS)
                continue
            self._resting.clear()
            try:
                self.listener.accept()[0].close()
            except TimeoutError:
                continue

    def end(self) -> None:
        self._over.set()
        self.restore()


@contextmanager
def hosts_on_the_loopback(count: int) -> Iterator[list[Host]]:
    with ExitStack() as stack:
        hosts = [Host(stack.enter_context(socket.create_server(("127.0.0.1", 0)))) for _ in range(count)]
        threads = [threading.Thread(target=host.serve) for host in hosts]
        for thread in threads:
            thread.start()
        yield hosts
        for host, thread in zip(hosts, threads, strict=True):
            host.end()
            thread.join()
