"""The two Debian packages that must be on the machine itself: mmdebstrap builds the root, bubblewrap runs in it."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from deploy.local.failure import LocalServerError
from deploy.local.progress import say

COMMANDS = {"mmdebstrap": "mmdebstrap", "bwrap": "bubblewrap"}  # command -> Debian package


def missing_packages() -> Sequence[str]:
    return [package for command, package in COMMANDS.items() if shutil.which(command) is None]


def require_tools(*, install: bool) -> None:
    """Raise LocalServerError when a tool is missing; as root, and when `install` is set, install it instead."""
    missing = missing_packages()
    if not missing:
        return
    command = f"apt-get install {' '.join(missing)}"
    if os.geteuid() != 0:
        raise LocalServerError(f"missing: {', '.join(missing)}; have root run: {command}")
    if not install or shutil.which("apt-get") is None:
        raise LocalServerError(f"missing: {', '.join(missing)}; run: {command}")
    _install(missing)


def _install(packages: Sequence[str]) -> None:
    say(f"installing {', '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120")
    for step in (("update",), ("install", "--yes", "--no-install-recommends", *packages)):
        done = subprocess.run((*apt, *step), env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no word from apt-get"])[-1]
            raise LocalServerError(f"apt-get {step[0]} failed ({last}); run: apt-get install {' '.join(packages)}")
