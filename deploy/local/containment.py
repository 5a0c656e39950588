"""Which sandbox this machine allows."""

import os
from pathlib import Path

from deploy.local.bubblewrap import Bubblewrap, refusal
from deploy.local.chroot import Chroot
from deploy.local.failure import LocalServerError
from deploy.local.sandbox import Sandbox


def sandbox_for(root: Path, data: Path) -> Sandbox:
    """Return bubblewrap where it runs, chroot where only root can do anything. Raises LocalServerError."""
    reason = refusal(root, data)
    if reason is None:
        return Bubblewrap(root=root, data=data)
    if os.geteuid() == 0:
        return Chroot(root=root, data=data)
    raise LocalServerError(
        f"servers cannot be started by an ordinary user here ({reason}): "
        "have root install bubblewrap and allow user namespaces, or set PANTAU_DATABASE_URL and PANTAU_MQTT_URL"
    )
