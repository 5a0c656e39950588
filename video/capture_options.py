"""OpenCV's options for FFmpeg, which a process has but once: one open may need others than the next."""

import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final

VARIABLE: Final = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
# OpenCV reads the variable in the first lines of an open, before it touches the network. So long a thread may take
# to get there; after that it no longer keeps others out, be its camera mute or the call hung.
LEASE_SECONDS: Final = 2.0


@dataclass(slots=True, eq=False)
class Hold:
    until: float


class CaptureOptions:
    """Gives each open the options it asks for: opens with the same ones run at once, others wait for their turn.

    Whoever has the turn takes all along who wait for the same; who comes later waits behind those who want others. So
    neither kind starves the other, and a wait is for one round each. An open counts until it returns, at most
    LEASE_SECONDS. A thread that is later still at reading them gets another's options: a stream of key frames notices
    that by its frames, one of every frame would go on with key frames until it is opened anew.

    `environment` is the process's, and must have the variable: to replace a value is one store of a pointer in the C
    library, while to add one may move the table under another thread's hands. It is nobody else's to write to.
    """

    def __init__(self, environment: MutableMapping[str, str], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._environment = environment
        self._clock = clock
        self._changed = threading.Condition()
        self._tickets = count()
        self._waiting: dict[int, str] = {}  # options by ticket, in order; no more than there are cameras
        self._latest_of_round = -1
        self._holds: set[Hold] = set()

    @contextmanager
    def holding(self, options: str) -> Iterator[None]:
        """The options are in force within. Waits for the turn."""
        hold = self._enter(options)
        try:
            yield
        finally:
            with self._changed:
                self._holds.discard(hold)
                self._changed.notify_all()

    def _enter(self, options: str) -> Hold:
        with self._changed:
            ticket = next(self._tickets)
            self._waiting[ticket] = options
            while not self._may_enter(ticket):
                self._changed.wait(self._seconds_to_wait())
            if self._in_force() != options:
                self._environment[VARIABLE] = options
                self._latest_of_round = max(self._waiting)
            del self._waiting[ticket]
            hold = Hold(self._clock() + LEASE_SECONDS)
            self._holds.add(hold)
            self._changed.notify_all()
        return hold

    def _may_enter(self, ticket: int) -> bool:
        self._holds = {hold for hold in self._holds if hold.until > self._clock()}
        in_force = self._in_force()
        others = [each for each, options in self._waiting.items() if options != in_force]
        if self._waiting[ticket] == in_force:
            return not others or ticket <= self._latest_of_round
        return not self._holds and ticket == others[0]

    def _in_force(self) -> str | None:
        return self._environment.get(VARIABLE)

    def _seconds_to_wait(self) -> float | None:
        """Until the next lease ends; for ever where there is none: then another's turn comes first, and notifies."""
        return max(0.0, min(hold.until for hold in self._holds) - self._clock()) if self._holds else None
