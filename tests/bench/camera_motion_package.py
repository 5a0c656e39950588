"""Debian's motion with the libraries it wants, unpacked beside instead of installed: so its service never starts."""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.line import LOCAL

FOLDER = LOCAL / "tools" / "motion"
INSTALLED = Path("/")


class NoMotionError(Exception):
    """Debian's motion cannot be had."""


def motion_root() -> Path:
    """The folder that has motion in usr/bin and its libraries in usr/lib; made once. Raises NoMotionError."""
    for root in (INSTALLED, FOLDER):
        if (root / "usr/bin/motion").exists():
            return root
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as beside:
        _unpack(Path(beside))
        Path(beside, "root").rename(FOLDER)  # whole or not at all
    return FOLDER


def library_path(root: Path) -> str:
    """Where the loader has to look as well: the libraries that this machine lacked."""
    return ":".join(str(folder) for folder in (root / "usr/lib").glob("*-linux-gnu"))


def _unpack(folder: Path) -> None:
    packages = _missing_packages()
    _run("apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", *packages, folder=folder)
    for package in folder.glob("*.deb"):
        _run("dpkg", "-x", package.name, "root", folder=folder)


def _missing_packages() -> Sequence[str]:
    """What apt would install for motion on this release of Debian: itself, and what it needs that is not here yet."""
    planned = _run("apt-get", "install", "--simulate", "-qq", "--no-install-recommends", "motion", folder=LOCAL)
    return [line.split()[1] for line in planned.splitlines() if line.startswith("Inst ")]


def _run(*command: str, folder: Path) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        raise NoMotionError(f"{missing.filename} is missing: this is no Debian") from missing
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason given"]
        raise NoMotionError(f"{' '.join(command[:2])}: {said[-1]} (as root, once: apt-get update)")
    return done.stdout
