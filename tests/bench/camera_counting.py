"""What the consumers of cameras have in common: a thread per camera, and an answer to `how many frames until now`."""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn


def answer(counts: Callable[[], Sequence[int]]) -> None:
    """To each line on standard input: the frames of all cameras, and how many cameras gave any. Returns at its end."""
    for _ in sys.stdin:
        frames = counts()
        print(sum(frames), sum(map(bool, frames)), flush=True)


def watch(urls: Sequence[str], frames: Callable[[str], Iterator[None]]) -> None:
    """Exhaust `frames` of each camera in a thread of its own, and answer until standard input ends."""
    counts = dict.fromkeys(urls, 0)

    def count(url: str) -> None:
        for _ in frames(url):
            counts[url] += 1

    for url in urls:
        threading.Thread(target=count, args=(url,), daemon=True).start()
    answer(lambda: list(counts.values()))


def watch_captures(urls: Sequence[str], frames: Callable[[str], Iterator[None]]) -> NoReturn:
    """The same where threads are inside OpenCV: the interpreter's own end would unwind them through C++ and abort."""
    watch(urls, frames)
    os._exit(0)
