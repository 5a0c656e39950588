"""Pure: which messages, delivered again, were committed already.

A reading with a time of its own is stored once, however often it comes: its key says so. What is stored under the time
of receipt (readings without `ts`, rejections) has no such key. When ingest dies between commit and acknowledgement the
broker delivers those again, with the same packet identifier and the DUP flag (OASIS MQTT 5.0, 4.4). So identifier and
digest of the last committed ones are kept, in the transaction that commits their rows.

Kept for how long? We acknowledge in the order of delivery, and no more than Receive Maximum messages are ever without
acknowledgement. So once as many have come after a message, the broker has taken its acknowledgement, and its
identifier is free for another message, perhaps one that says the same again. By then it must be forgotten here, or that
one would be taken for its second delivery.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from ingest.message import Message


class Committed:
    """Of the last messages, `bound` of them, those without a key of their own: packet identifier to digest."""

    def __init__(self, bound: int, known: Mapping[int, int] | None = None) -> None:
        """`known` may have been delivered any time before; they stay for as long as if that had been just now."""
        self._bound = bound
        self._delivered = 0
        self._known = {packet_id: (mark, 0) for packet_id, mark in (known or {}).items()}

    def has(self, message: Message) -> bool:
        """Whether this message is the second delivery of one whose rows are committed."""
        return message.repeated and self._known.get(message.packet_id, (None, 0))[0] == digest(message)

    def after(self, batch: Sequence[Message], untimed: Iterable[Message], *, to_come: int = 0) -> "Committed":
        """What will be known once this batch is committed too; itself where there is nothing to remember or forget.

        `untimed` are those of the batch without a key of their own. A message that came again counts as delivered now.
        `to_come`: so many were delivered together with these and are counted next. Some of them may have come before
        these, which must not be forgotten as many too early.
        """
        remembered = [message for message in untimed if message.packet_id]  # at QoS 0 nothing comes again
        if not self._known and not remembered:
            return self
        more = Committed(self._bound)
        more._delivered = now = self._delivered + sum(1 for message in batch if message.packet_id)
        kept = ((packet_id, mark) for packet_id, mark in self._known.items() if mark[1] > now - self._bound)
        news = ((message.packet_id, (digest(message), now + to_come)) for message in remembered)
        more._known = dict(chain(kept, news))
        return more

    def packets(self) -> list[int]:
        return list(self._known)

    def digests(self) -> list[int]:
        return [mark for mark, _ in self._known.values()]


def digest(message: Message) -> int:
    """Thirty-two bits of topic and payload: enough beside an equal identifier and the DUP flag."""
    return zlib.crc32(message.payload, zlib.crc32(message.topic.encode()))
