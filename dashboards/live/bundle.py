"""Messages that are told together: put into bytes, and compressed, once for all who hear them."""

from collections.abc import Sequence
from functools import cached_property

from dashboards.live.deflating import block
from dashboards.live.messages import Message


class Bundle:
    """At least one message, in the order of their places in the stream."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        self.first = messages[0].sequence
        self.last = messages[-1].sequence

    @cached_property
    def plain(self) -> bytes:
        """As server-sent events."""
        return b"".join(message.event for message in self.messages)

    @cached_property
    def deflated(self) -> bytes:
        """The same as a block of a gzip stream."""
        # Whoever wants this seldom wants the other too, and of a snapshot that is large.
        return block(b"".join(message.event for message in self.messages))

    @cached_property
    def size(self) -> int:
        """Bytes of its messages, without what is made of them."""
        return sum(len(message.body) for message in self.messages)

    def after(self, sequence: int) -> "Bundle":
        """What of it comes behind that place, which must not be its last."""
        if sequence < self.first:
            return self
        return Bundle([message for message in self.messages if message.sequence > sequence])
