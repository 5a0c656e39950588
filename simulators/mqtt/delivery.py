"""Pure: which packets are to be sent now, and what became of those before. Lives longer than any one connection."""

from collections.abc import Callable, Iterator
from itertools import islice

from simulators.mqtt.packets import FAILURES, NO_MATCHING_SUBSCRIBERS, Connack
from simulators.mqtt.window import Window


class Delivery:
    """Messages, at `rate` per second of `clock` from the first connection on, each kept until its PUBACK."""

    def __init__(
        self, messages: Iterator[tuple[str, bytes]], *, window: int, rate: float, clock: Callable[[], float]
    ) -> None:
        self._messages = messages
        self._window = Window(window)
        self._rate = rate
        self._clock = clock
        self._started: float | None = None
        self._settled_at = 0.0
        self._exhausted = False
        self.connections = self.sent = self.resent = 0
        self.acknowledged = self.unmatched = self.refused = 0

    @property
    def settled(self) -> int:
        return self.acknowledged + self.refused

    @property
    def finished(self) -> bool:
        """Whether there are no more messages, and each has its PUBACK."""
        return self._exhausted and not self._window

    @property
    def idle(self) -> bool:
        """Whether a connection stands and owes us nothing."""
        return self._window.room > 0 and not self._window

    @property
    def seconds(self) -> float:
        """From the first connection to the last PUBACK."""
        return 0.0 if self._started is None else max(0.0, self._settled_at - self._started)

    def open(self, connack: Connack) -> None:
        """The broker let us in."""
        self.connections += 1
        if self._started is None:
            self._started = self._settled_at = self._clock()
        self._window.open(receive_maximum=connack.receive_maximum, session_present=connack.session_present)

    def close(self) -> None:
        """The connection is gone."""
        self._window.close()

    def packets(self) -> list[bytes]:
        """What to send now: first what must be sent again, then what has fallen due, as far as the window has room."""
        again = self._window.again()
        self.resent += len(again)
        count = min(self._window.room, self._due())
        if count <= 0 or self._exhausted:
            return again
        add = self._window.add
        fresh = [add(topic, payload) for topic, payload in islice(self._messages, count)]
        self.sent += len(fresh)
        self._exhausted = len(fresh) < count
        return again + fresh

    def settle(self, packet_id: int, reason: int) -> None:
        """A PUBACK. One that belongs to nothing (sent twice, acknowledged twice) changes nothing."""
        if not self._window.acknowledge(packet_id):
            return
        if reason >= FAILURES:
            self.refused += 1
        else:
            self.acknowledged += 1
            self.unmatched += reason == NO_MATCHING_SUBSCRIBERS
        if not self._window:
            self._settled_at = self._clock()

    def _due(self) -> int:
        if self._started is None:
            return 0
        return int((self._clock() - self._started) * self._rate) + 1 - self.sent
