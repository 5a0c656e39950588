"""What the servers' root is made of, and the command that makes it. Pure."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from deploy.local.sandbox import DATA, USER_ID

SUITE = "trixie"  # Debian 13: the first with a packaged TimescaleDB; its libc is newer than Debian 12's, hence a root

PACKAGES = (
    "postgresql-17-timescaledb",
    "mosquitto",
    "mosquitto-clients",
    "dash",  # initdb starts postgres through /bin/sh
    "util-linux",  # setpriv, where bubblewrap cannot run
)

# libLLVM (124 MB) and its libz3 serve only Postgres' JIT, which stays off.
LEFT_OUT = (
    "/usr/lib/*/libLLVM*",
    "/usr/lib/*/libz3*",
    "/usr/share/doc/*",
    "/usr/share/man/*",
    "/usr/share/locale/*",
    "/usr/share/i18n/*",
)

ETC = {  # all there is in /etc: name -> text
    "passwd": f"pantau:x:{USER_ID}:{USER_ID}::{DATA}:/bin/sh\n",
    "group": f"pantau:x:{USER_ID}:\n",
}

WHOLE = (  # without these a root is not whole, whatever mmdebstrap's exit code
    "usr/lib/postgresql/17/bin/postgres",
    "usr/lib/postgresql/17/lib/timescaledb.so",
    "usr/sbin/mosquitto",
    "usr/bin/dash",
    "usr/bin/setpriv",
)

BYTES_NEEDED = 1_000_000_000  # 220 MB when built; packages, indices and the data of a first run beside it


def version() -> str:
    """Name of the root: another suite, package, exclusion or user is another root, built beside the old one."""
    ingredients = "\n".join((SUITE, *PACKAGES, *LEFT_OUT, *ETC.values()))
    return f"{SUITE}-{hashlib.sha256(ingredients.encode()).hexdigest()[:12]}"


def build_command(target: Path) -> Sequence[str]:
    """Unpack the packages and all they need into `target`, running none of their scripts.

    Since no script runs, nothing needs a chroot, a mount or another user id: the same mode serves root and ordinary
    users, and what is built belongs to who built it. mmdebstrap refuses that mode to root because of the scripts,
    hence its check is skipped. The mirror is mmdebstrap's own for this suite.
    """
    return (
        "mmdebstrap",
        "--variant=extract",
        "--mode=chrootless",
        "--skip=check/chrootless",
        "--aptopt=Acquire::Retries 3",
        "--aptopt=Acquire::http::Timeout 30",
        f"--include={','.join(PACKAGES)}",
        *(f"--dpkgopt=path-exclude={pattern}" for pattern in LEFT_OUT),
        SUITE,
        str(target),
    )


NO_NETWORK = ("could not resolve", "temporary failure", "could not connect", "unable to connect", "network is unreach")


def explain(heard: Sequence[str]) -> str:
    """Return one line on why mmdebstrap failed, from what it and apt wrote."""
    everything = "\n".join(heard).lower()
    if "no space left" in everything:
        return "no space left on the disk while unpacking the servers: free 1 GB and try again"
    if any(sign in everything for sign in NO_NETWORK):
        return "the Debian mirror cannot be reached: check the network, or apt's proxy, and try again"
    errors = [line for line in heard if line.startswith("E: ")] or heard or ["it said nothing"]
    return f"mmdebstrap failed: {errors[0].removeprefix('E: ')}"
