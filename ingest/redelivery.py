"""Pure: which messages, delivered again, were committed already.

A reading with a time of its own is stored once, however often it comes: its key says so. What is stored under the time
of receipt (readings without `ts`, rejections) has no such key. When ingest dies between commit and acknowledgement the
broker delivers those again, with the same packet identifier and the DUP flag (OASIS MQTT 5.0, 4.4). So identifier and
digest of the last committed ones are kept, in the transaction that commits their rows.

The broker can have lost the acknowledgement of at most as many messages as may be in flight, and these are the last.
"""

import zlib
from collections.abc import Iterable, Mapping

from ingest.message import Message


class Committed:
    """The last `bound` messages without a key of their own: packet identifier to digest, oldest first."""

    def __init__(self, bound: int, known: Mapping[int, int] | None = None) -> None:
        self._bound = bound
        self._known = dict(known or {})

    def has(self, message: Message) -> bool:
        """Whether this message is the second delivery of one whose rows are committed."""
        return message.repeated and self._known.get(message.packet_id) == digest(message)

    def with_more(self, messages: Iterable[Message]) -> "Committed":
        """What will be known once these are committed too."""
        known = dict(self._known)
        for message in messages:
            known.pop(message.packet_id, None)
            known[message.packet_id] = digest(message)
        surplus = len(known) - self._bound
        for packet_id in list(known)[: max(0, surplus)]:
            del known[packet_id]
        return Committed(self._bound, known)

    def packets(self) -> list[int]:
        return list(self._known)

    def digests(self) -> list[int]:
        return list(self._known.values())


def digest(message: Message) -> int:
    """Thirty-two bits of topic and payload: enough beside an equal identifier and the DUP flag."""
    return zlib.crc32(message.payload, zlib.crc32(message.topic.encode()))
