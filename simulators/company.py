"""Who of the simulated devices is connected. A lost broker is said once, not once per device."""

import logging

logger = logging.getLogger(__name__)


class Company:
    """Counts `size` devices in and out, and logs when the first fails and when all are there again."""

    def __init__(self, *, size: int) -> None:
        self._size = size
        self._connected = 0
        self._troubled = False

    @property
    def connected(self) -> int:
        return self._connected

    def enter(self) -> None:
        self._connected += 1
        if self._connected == self._size:
            self._troubled = False
            logger.info("all %d simulated devices are connected", self._size)

    def leave(self) -> None:
        self._connected -= 1

    def fail(self, reason: str) -> None:
        """A device could not connect, or lost its connection; it will try again."""
        if not self._troubled:
            self._troubled = True
            logger.warning("simulated devices cannot reach the broker and try again: %s", reason)
