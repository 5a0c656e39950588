"""Pure: what was published and is not yet acknowledged, over all connections of one publisher."""

from collections import deque

from simulators.mqtt.packets import MAX_RECEIVE_MAXIMUM, as_duplicate, publish


class Window:
    """At most `size` unacknowledged PUBLISH packets, fewer where the broker's Receive Maximum is smaller (4.9).

    Whoever wants to send asks for `room` first. Nothing is forgotten before its PUBACK: a new connection sends again,
    in the old order, what the last one left unacknowledged. Raises ValueError for a size that MQTT has no numbers for.
    """

    def __init__(self, size: int) -> None:
        if not 1 <= size <= MAX_RECEIVE_MAXIMUM:
            raise ValueError(f"a window is 1 to {MAX_RECEIVE_MAXIMUM} messages, not {size}")
        self._size = size
        self._limit = 0
        self._unacknowledged: dict[int, bytes] = {}
        self._again: deque[bytes] = deque()
        self._last_id = 0

    def __len__(self) -> int:
        """How many messages are published and not acknowledged."""
        return len(self._unacknowledged)

    @property
    def room(self) -> int:
        """How many packets this connection may send now; 0 without one."""
        return self._limit - len(self._unacknowledged) + len(self._again)

    def open(self, *, receive_maximum: int, session_present: bool) -> None:
        """A new connection. A broker that forgot the session gets its packets as new ones, without DUP (4.4)."""
        self._limit = min(self._size, receive_maximum)
        packets = self._unacknowledged.values()
        self._again = deque(map(as_duplicate, packets) if session_present else packets)

    def close(self) -> None:
        """The connection is lost: no room until the next one."""
        self._limit = 0
        self._again = deque(self._unacknowledged.values())

    def again(self) -> list[bytes]:
        """The packets to send once more, as many as there is room for."""
        return [self._again.popleft() for _ in range(min(self.room, len(self._again)))]

    def add(self, topic: str, payload: bytes) -> bytes:
        """The packet of a new message, under the next free identifier."""
        self._last_id = self._last_id % MAX_RECEIVE_MAXIMUM + 1
        while self._last_id in self._unacknowledged:
            self._last_id = self._last_id % MAX_RECEIVE_MAXIMUM + 1
        packet = publish(topic, payload, self._last_id)
        self._unacknowledged[self._last_id] = packet
        return packet

    def acknowledge(self, packet_id: int) -> bool:
        """Whether the identifier was one of ours; it is free again."""
        return self._unacknowledged.pop(packet_id, None) is not None
