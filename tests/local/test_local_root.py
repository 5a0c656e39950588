"""How the servers' root comes to be, with a stand-in for mmdebstrap: whole or absent, once, and told in one line."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.local import recipe
from tests.patience import PATIENCE_SECONDS

REPOSITORY = Path(__file__).parents[2]

UNPACK = f"""\
#!/bin/sh
for target in "$@"; do :; done
echo "I: extracting archives..." >&2
echo built >> "$BUILDS"
for file in {" ".join(recipe.WHOLE)} etc/x var/x; do mkdir -p "$target/$(dirname "$file")"; echo > "$target/$file"; done
"""
UNPACK_WHEN_TOLD = UNPACK + 'while [ ! -e "$BUILDS.go" ]; do sleep 0.1; done\n'
HANG = '#!/bin/sh\nfor target in "$@"; do :; done\nmkdir -p "$target/usr"\necho \'I: hanging...\' >&2\nexec sleep 600\n'
UNPACK_HALF = '#!/bin/sh\nfor target in "$@"; do :; done\nmkdir -p "$target/usr/bin"\n'
NO_MIRROR = "#!/bin/sh\necho 'Could not connect to mirror.example:80' >&2\necho 'E: apt-get failed' >&2\nexit 1\n"


class Machine:
    """A PATH with nothing of ours on it but the mmdebstrap given, and a folder to build in."""

    def __init__(self, place: Path) -> None:
        self.cache = place / "servers"
        self._builds = place / "builds"
        self._path = place / "bin"
        self._path.mkdir()
        for tool in ("sh", "mkdir", "dirname", "sleep"):
            (self._path / tool).symlink_to(shutil.which(tool) or "")
        (self._path / "bwrap").symlink_to("/bin/true")

    def install(self, mmdebstrap: str) -> None:
        script = self._path / "mmdebstrap"
        script.write_text(mmdebstrap)
        script.chmod(0o755)

    def setup(self) -> subprocess.Popen[str]:
        environment: Mapping[str, str] = {"PATH": str(self._path), "BUILDS": str(self._builds)}
        command = [sys.executable, "-m", "deploy.local", "--servers", str(self.cache), "setup"]
        return subprocess.Popen(command, cwd=REPOSITORY, env=environment, stderr=subprocess.PIPE, text=True)

    def build(self) -> tuple[int, str]:
        """Return the exit code and what was said."""
        process = self.setup()
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
        return process.returncode, said

    @property
    def has_begun(self) -> bool:
        return self._builds.exists()

    def go_on(self) -> None:
        """For a build that waits to be told."""
        self._builds.with_name("builds.go").touch()

    @property
    def builds(self) -> int:
        return len(self._builds.read_text().splitlines())

    @property
    def made(self) -> list[str]:
        return sorted(entry.name for entry in self.cache.iterdir() if entry.name != "lock")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_root_is_built_once_and_then_found(machine: Machine) -> None:
    machine.install(UNPACK)
    first, said = machine.build()
    assert (first, machine.build()) == (0, (0, ""))
    assert "extracting archives" in said
    assert (machine.builds, machine.made) == (1, [recipe.version()])
    assert {entry.name for entry in (machine.cache / recipe.version() / "etc").iterdir()} == {"group", "passwd"}


def test_two_processes_at_once_build_it_once(machine: Machine) -> None:
    machine.install(UNPACK_WHEN_TOLD)
    first = machine.setup()
    while not machine.has_begun:
        time.sleep(0.01)
    second = machine.setup()
    assert second.stderr is not None
    assert "waiting for it" in second.stderr.readline()
    machine.go_on()
    said = [process.communicate(timeout=PATIENCE_SECONDS)[1] for process in (first, second)]
    assert [process.returncode for process in (first, second)] == [0, 0]
    assert machine.builds == 1
    assert not [one for one in said if "waiting for it" in one]


def test_what_an_interrupted_build_left_is_removed_by_the_next(machine: Machine) -> None:
    machine.install(HANG)
    interrupted = machine.setup()
    while not list(machine.cache.glob("building-*/root/usr")):
        time.sleep(0.01)
    hanging = children_of(interrupted.pid)
    for one in (interrupted.pid, *hanging):
        os.kill(one, signal.SIGKILL)
    interrupted.communicate()
    assert machine.made != [recipe.version()]
    machine.install(UNPACK)
    assert machine.build()[0] == 0
    assert machine.made == [recipe.version()]


def test_what_is_not_whole_never_becomes_the_root(machine: Machine) -> None:
    machine.install(UNPACK_HALF)
    code, said = machine.build()
    assert code == 1
    assert said.splitlines()[-1] == f"error: what mmdebstrap unpacked is not whole: {recipe.WHOLE[0]} is missing"
    assert machine.made == []


def test_without_a_network_one_line_says_so_and_nothing_is_left(machine: Machine) -> None:
    machine.install(NO_MIRROR)
    code, said = machine.build()
    assert code == 1
    assert said.splitlines()[-1].startswith("error: the Debian mirror cannot be reached: ")
    assert machine.made == []


def test_a_missing_tool_is_named_with_what_to_run(machine: Machine) -> None:
    code, said = machine.build()
    assert code == 1
    assert said.splitlines()[-1].endswith("run: apt-get install mmdebstrap")


def test_a_folder_that_cannot_be_written_is_told_in_one_line(machine: Machine) -> None:
    machine.cache.write_text("a file is in the way")
    code, said = machine.build()
    assert code == 1
    assert said.startswith(f"error: the servers cannot be unpacked under {machine.cache}: ")
    assert len(said.splitlines()) == 1


def children_of(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
