"""How a process ends: on a signal, or by itself; its exit code, and its last word to the person at the terminal."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

import psycopg

from deploy.commands.failed import FailedError
from deploy.listen import ListenError
from deploy.local.failure import LocalServerError
from deploy.refused import RefusedError

DONE, FAILED, REFUSED = 0, 1, 2

Work: TypeAlias = Coroutine[Any, Any, None]


def end_of(do: Callable[[], None]) -> int:
    """Do it; the exit code. What nobody foresaw is a fault of ours and is raised, for its trace."""
    try:
        do()
        sys.stdout.flush()
    except BrokenPipeError:  # who read our answer has heard enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as failure:
        told = [told for one in _leaves(failure) if (told := last_words(one))]
        if len(told) < len(_leaves(failure)):
            raise
        for _, words in told:
            sys.stderr.writelines(f"pantau: {line}\n" for line in words)
        return max(code for code, _ in told)
    return DONE


def last_words(failure: Exception) -> tuple[int, list[str]] | None:
    """The exit code of a foreseen failure, and what to say of it; None of one that nobody foresaw."""
    match failure:
        case RefusedError():
            return REFUSED, failure.faults
        case FailedError() | ListenError() | LocalServerError():
            return FAILED, str(failure).splitlines()
        case psycopg.errors.UndefinedTable() | psycopg.errors.UndefinedColumn():
            return FAILED, ["the database has not got the tables of this version: run `pantau migrate`"]
        case psycopg.Error():
            return FAILED, [f"the database: {' '.join(str(failure).split())}"]
    return None


def _leaves(failure: Exception) -> list[Exception]:
    """The failures of parts that ran side by side, one by one."""
    if isinstance(failure, ExceptionGroup):
        return [leaf for one in failure.exceptions for leaf in _leaves(one)]
    return [failure]


async def until_signalled(work: Work) -> bool:
    """Run until it ends, or until SIGINT or SIGTERM; whether it came to its own end.

    A second signal changes nothing: stopping in order has begun, and has time limits of its own.
    """
    task = asyncio.ensure_future(work)
    signalled = asyncio.Event()

    def stop() -> None:
        if not signalled.is_set():
            signalled.set()
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await asyncio.wait([task])
    if not (signalled.is_set() and task.cancelled()):
        task.result()
    return not signalled.is_set()
