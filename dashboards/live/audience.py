"""Who is listening to the live stream, and what each has yet to be sent: bounded, whoever is slow."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from dashboards import metrics
from dashboards.live.messages import Message


class Client:
    """One open stream. More than `limit` messages behind, it is owed a snapshot instead of all of them."""

    def __init__(self, token: int, *, limit: int) -> None:
        self.token = token
        self.sent = 0
        self.closed = False
        self._limit = limit
        self._pending: deque[Message] = deque()
        self._owed_snapshot = False
        self._woken = asyncio.Event()

    def owe_snapshot(self) -> None:
        """Forget what was pending: the snapshot, made when it is sent, has it all."""
        self._pending.clear()
        self._owed_snapshot = True
        self._woken.set()

    def put(self, message: Message) -> None:
        if self._owed_snapshot:
            return
        if len(self._pending) >= self._limit:
            metrics.RESNAPSHOTTED.inc()
            self.owe_snapshot()
            return
        self._pending.append(message)
        self._woken.set()

    def close(self) -> None:
        """The stream ends at its next message: its token opens nothing any more."""
        self.closed = True
        self._woken.set()

    async def wait(self, seconds: float) -> bool:
        """Whether there is something to send, or the end, within that time."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        return True

    def take(self, snapshot: Message) -> Message:
        """The next message, or the snapshot where one is owed; `wait` must have said that there is something."""
        message = snapshot if self._owed_snapshot else self._pending.popleft()
        self._owed_snapshot = False
        self.sent = message.sequence
        if not self._pending and not self.closed:
            self._woken.clear()
        return message


class Audience:
    """All open streams of this process, and the messages that a returning one may have missed."""

    def __init__(self, *, clients_max: int, client_queue: int, resume_messages: int) -> None:
        self._clients_max = clients_max
        self._client_queue = client_queue
        self._clients: set[Client] = set()
        self._told: deque[Message] = deque(maxlen=resume_messages)

    @property
    def full(self) -> bool:
        return len(self._clients) >= self._clients_max

    def tokens(self) -> set[int]:
        """Ids of the tokens that opened these streams."""
        return {client.token for client in self._clients}

    def tell(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._told.append(message)
            for client in self._clients:
                client.put(message)

    def keep_only(self, tokens: set[int]) -> None:
        """End the streams of all other tokens: they were revoked, or ran out."""
        for client in self._clients:
            if client.token not in tokens:
                client.close()

    @contextmanager
    def joined(self, token: int, *, after: int | None, newest: int) -> Iterator[Client]:
        """A stream that continues after that sequence where all since then is known, else begins with a snapshot."""
        client = Client(token, limit=self._client_queue)
        missed = self._missed(after, newest)
        if missed is None:
            client.owe_snapshot()
        for message in missed or ():
            client.put(message)
        client.sent = after or 0
        self._clients.add(client)
        metrics.CLIENTS.inc()
        try:
            yield client
        finally:
            self._clients.discard(client)
            metrics.CLIENTS.dec()

    def _missed(self, after: int | None, newest: int) -> list[Message] | None:
        """What was told after that sequence, or None where it cannot be said."""
        if after is None or after > newest:
            return None
        oldest = self._told[0].sequence if self._told else newest + 1
        if after < oldest - 1:
            return None
        return [message for message in self._told if message.sequence > after]
