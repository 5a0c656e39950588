"""The servers' root: a folder with a small Debian that holds PostgreSQL 17 with TimescaleDB, and Mosquitto 2."""

import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local import recipe
from deploy.local.failure import LocalServerError
from deploy.local.progress import say
from deploy.local.tools import require_tools


def ensure_root(cache: Path, *, install_tools: bool = False) -> Path:
    """Return the root for this version of the recipe, building it under `cache` if it is not there yet.

    It appears by a rename, so it is whole or absent; a lock lets two processes build it once, and what an interrupted
    build left behind is removed. Raises LocalServerError.
    """
    root = cache.absolute() / recipe.version()
    if root.is_dir():
        return root
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _only_builder(cache) as lock:
            if not root.is_dir():
                require_tools(install=install_tools)
                _remove_half_builds(cache)
                require_space(cache, free=shutil.disk_usage(cache).free)
                _build(root, lock=lock)
    except OSError as error:
        raise LocalServerError(f"the servers cannot be unpacked under {cache}: {error.strerror}") from error
    return root


@contextmanager
def _only_builder(cache: Path) -> Iterator[int]:
    with (cache / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another process is unpacking them, waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def _remove_half_builds(cache: Path) -> None:
    for leftover in cache.glob("building-*"):
        shutil.rmtree(leftover)


def require_space(cache: Path, *, free: int) -> None:
    """Raise LocalServerError when `free` bytes are not enough to build the root in `cache`."""
    if free < recipe.BYTES_NEEDED:
        raise LocalServerError(
            f"no space: {cache} has {free / 1e6:.0f} MB free, the servers need {recipe.BYTES_NEEDED / 1e6:.0f} MB"
        )


def _build(root: Path, *, lock: int) -> None:
    say("unpacking TimescaleDB and Mosquitto, once: 220 MB, about a minute")
    building = Path(tempfile.mkdtemp(prefix="building-", dir=root.parent))
    target = building / "root"
    try:
        _run_mmdebstrap(target, lock=lock)
        _finish(target)
        target.rename(root)
    finally:
        shutil.rmtree(building, ignore_errors=True)  # whatever is left here goes with the next build
    say(f"ready in {root}")


def _run_mmdebstrap(target: Path, *, lock: int) -> None:
    heard: list[str] = []
    with subprocess.Popen(
        recipe.build_command(target),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        pass_fds=(lock,),  # if we are killed, the next builder waits until this one is gone too
    ) as process:
        for line in process.stderr or ():
            heard.append(line.strip())
            if line.startswith("I: ") and line.rstrip().endswith("..."):
                say(line[3:].strip())
    if process.returncode != 0:
        raise LocalServerError(recipe.explain(heard))


def _finish(target: Path) -> None:
    """Check the root and give it an `/etc` with one user and nothing of the host's."""
    missing: Sequence[str] = [name for name in recipe.WHOLE if not (target / name).exists()]
    if missing:
        raise LocalServerError(f"what mmdebstrap unpacked is not whole: {missing[0]} is missing")
    for name in ("etc", "var"):
        shutil.rmtree(target / name)
    (target / "etc").mkdir()
    for name, text in recipe.ETC.items():
        (target / "etc" / name).write_text(text)
    target.chmod(0o755)
