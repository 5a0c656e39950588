"""A rig of its own for each story."""

from functools import partial
from pathlib import Path

import pytest

from tests.load import DEVICES
from tests.rig import MakeRig, rig


@pytest.fixture
def make_rig(tmp_path: Path, scratch: Path, servers_root: Path) -> MakeRig:
    folder = scratch / tmp_path.name
    folder.mkdir()
    return partial(rig, folder, servers_root, DEVICES)
