"""Who is listening to the live stream, and how far each has heard: bounded, whoever is slow."""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from dashboards import metrics
from dashboards.live.bundle import Bundle
from dashboards.live.messages import Message


@dataclass(slots=True, eq=False)
class Client:
    """One open stream. It keeps no messages, only its place among those that were told.

    `owed_snapshot`: it begins anew. `beats`: it is due a heartbeat. `blind_since`: what the last one said.
    `closed`: it ends before its next message.
    """

    token: int
    holder: str
    sequence: int = 0
    owed_snapshot: bool = False
    beats: bool = False
    closed: bool = False
    blind_since: datetime | None = None
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _beating: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        self._woken.set()

    def beat_in(self, seconds: float) -> None:
        """Be due a heartbeat then, and not before."""
        self.beats = False
        self.never_beat()
        self._beating = asyncio.get_running_loop().call_later(seconds, self._beat)

    def never_beat(self) -> None:
        if self._beating is not None:
            self._beating.cancel()

    def close(self) -> None:
        self.closed = True
        self._woken.set()

    def _beat(self) -> None:
        self.beats = True
        self._woken.set()

    async def rest(self) -> None:
        """Until there may be something to send; called when there is nothing."""
        self._woken.clear()
        await self._woken.wait()


class Told:
    """The last messages that were told, so many and so many bytes at most, for all clients together."""

    def __init__(self, *, messages_max: int, bytes_max: int) -> None:
        self._messages_max = messages_max
        self._bytes_max = bytes_max
        self._bundles: deque[Bundle] = deque()
        self._messages = 0
        self._bytes = 0
        self.newest = 0

    @property
    def before(self) -> int:
        """The place behind which everything is known."""
        return self._bundles[0].first - 1 if self._bundles else self.newest

    def add(self, bundle: Bundle) -> None:
        self._bundles.append(bundle)
        self.newest = bundle.last
        self._count(bundle, 1)
        while self._messages > self._messages_max or self._bytes > self._bytes_max:
            self._count(self._bundles.popleft(), -1)

    def after(self, sequence: int) -> Bundle | None:
        """The next that was told behind that place, which must be known; None where that is the newest."""
        found = None
        for bundle in reversed(self._bundles):
            if bundle.last <= sequence:
                break
            found = bundle
        return found.after(sequence) if found else None

    def _count(self, bundle: Bundle, sign: int) -> None:
        self._messages += sign * len(bundle.messages)
        self._bytes += sign * bundle.size


class Audience:
    """All open streams of this process, and the messages that they, or a returning one, have yet to hear."""

    def __init__(self, *, client_queue: int, told: Told) -> None:
        self._client_queue = client_queue
        self._told = told
        self._clients: set[Client] = set()

    @property
    def newest(self) -> int:
        """The place of the last message told."""
        return self._told.newest

    def tokens(self) -> set[int]:
        """Ids of the tokens that opened these streams."""
        return {client.token for client in self._clients}

    def holders(self) -> list[str]:
        """Of each stream, whose it is."""
        return [client.holder for client in self._clients]

    def tell(self, messages: Sequence[Message]) -> None:
        """Messages that follow on the newest."""
        if messages:
            self._told.add(Bundle(messages))
        self.wake()

    def wake(self) -> None:
        for client in self._clients:
            client.wake()

    def next(self, client: Client) -> Bundle | None:
        """What the client is sent next; None where it knows all, and where it is owed a snapshot for all it missed."""
        if not self.can_follow(client.sequence):
            metrics.RESNAPSHOTTED.inc()
            client.owed_snapshot = True
            return None
        return self._told.after(client.sequence)

    def can_follow(self, sequence: int) -> bool:
        """Whether all that was told since is known, and not too much."""
        return self._told.before <= sequence <= self.newest and self.newest - sequence <= self._client_queue

    def keep_only(self, tokens: set[int]) -> None:
        """End the streams of all other tokens: they were revoked, or ran out."""
        for client in self._clients:
            if client.token not in tokens:
                client.close()

    @contextmanager
    def joined(self, token: int, holder: str, *, after: int | None) -> Iterator[Client]:
        """A stream that continues after that place where all since then is known, else begins with a snapshot."""
        continues = after is not None and self.can_follow(after)
        client = Client(token, holder, sequence=after or 0, owed_snapshot=not continues)
        self._clients.add(client)
        metrics.CLIENTS.inc()
        try:
            yield client
        finally:
            client.never_beat()
            self._clients.discard(client)
            metrics.CLIENTS.dec()
