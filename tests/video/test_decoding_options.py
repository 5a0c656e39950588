"""Two kinds of options for one environment: nobody opens with another's, and nobody waits for ever."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

import pytest

from tests.patience import PATIENCE_SECONDS
from video.capture_options import LEASE_SECONDS, VARIABLE, CaptureOptions

KEY, FULL = "avdiscard;nonkey", ""


def still() -> float:
    """A clock by which nobody's lease ends, however long the machine stands still."""
    return 0.0


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(40) as pool:
        yield pool


def test_opens_with_the_same_options_run_at_once(threads: ThreadPoolExecutor) -> None:
    options = CaptureOptions({VARIABLE: KEY}, clock=still)
    together = threading.Barrier(20, timeout=PATIENCE_SECONDS)

    def open_one(_: int) -> None:
        with options.holding(KEY):
            together.wait()

    list(threads.map(open_one, range(20)))


def test_each_open_finds_its_own_options(threads: ThreadPoolExecutor) -> None:
    environment = {VARIABLE: KEY}
    options = CaptureOptions(environment, clock=still)

    def open_one(wanted: str) -> bool:
        with options.holding(wanted):
            time.sleep(0.001)  # so that others come while this one opens
            return environment[VARIABLE] == wanted

    assert all(threads.map(open_one, islice(cycle([KEY, KEY, FULL]), 300)))


def test_whoever_asked_first_has_the_turn_first(threads: ThreadPoolExecutor) -> None:
    """A stream of opens with the options in force must not starve the one that needs others."""
    options = CaptureOptions({VARIABLE: KEY}, clock=still)
    order: list[str] = []

    def open_one(wanted: str) -> None:
        with options.holding(wanted):
            order.append(wanted)

    with options.holding(KEY):
        waiting = threads.submit(open_one, FULL)
        until(lambda: len(options._waiting) == 1)
        later = threads.submit(open_one, KEY)
        until(lambda: len(options._waiting) == 2)
        assert order == []
    waiting.result(PATIENCE_SECONDS)
    later.result(PATIENCE_SECONDS)
    assert order == [FULL, KEY]


def test_whoever_has_the_turn_takes_along_who_wait_for_the_same(threads: ThreadPoolExecutor) -> None:
    """Else forty opens of two kinds, in turn, would run one by one."""
    options = CaptureOptions({VARIABLE: KEY}, clock=still)
    together = threading.Barrier(5, timeout=PATIENCE_SECONDS)

    def open_one(wanted: str) -> None:
        with options.holding(wanted):
            if wanted == FULL:
                together.wait()

    with options.holding(KEY):
        waiting = [threads.submit(open_one, wanted) for wanted in islice(cycle([FULL, KEY]), 10)]
        until(lambda: len(options._waiting) == 10)
    for each in waiting:
        each.result(PATIENCE_SECONDS)


def test_an_open_that_hangs_keeps_nobody_out(threads: ThreadPoolExecutor) -> None:
    now = [0.0]
    environment = {VARIABLE: KEY}
    options = CaptureOptions(environment, clock=lambda: now[0])
    hanging = options.holding(KEY)
    hanging.__enter__()
    now[0] = LEASE_SECONDS
    with options.holding(FULL):
        assert environment[VARIABLE] == FULL
    hanging.__exit__(None, None, None)


def test_an_open_that_fails_gives_its_turn_back() -> None:
    options = CaptureOptions({VARIABLE: KEY}, clock=still)
    with pytest.raises(LookupError), options.holding(KEY):
        raise LookupError
    with options.holding(FULL):
        pass


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.001)
