"""A rig of its own for each story."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from load import DEVICES
from rig import Rig, rig


@pytest.fixture
def make_rig(tmp_path: Path, scratch: Path, servers_root: Path) -> Callable[..., AbstractContextManager[Rig]]:
    folder = scratch / tmp_path.name
    folder.mkdir()
    return partial(rig, folder, servers_root, DEVICES)
