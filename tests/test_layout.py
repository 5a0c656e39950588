"""The repository is the package: what its folders, its metadata and its documents say of each other must agree."""

import re
import tomllib
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
ROOMS = sorted(init.parent.name for init in ROOT.glob("[!.]*/__init__.py"))
READMES = [
    Path("README.md"),
    *sorted(
        file.relative_to(ROOT)
        for room in ROOMS
        for file in (ROOT / room).rglob("README.md")
        if "node_modules" not in file.parts
    ),
]
# In Markdown: what is linked to, and what is named as a path of ours, with a folder or an ending that says so.
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PATH = re.compile(r"`((?:[\w.-]+/)*[\w.-]*(?:/|\.(?:py|md|toml|csv|sql|sh|yaml|yml|conf|service|target|example)))`")


def test_the_wheel_the_floors_and_the_types_know_the_same_rooms_as_the_folders() -> None:
    tools = PYPROJECT["tool"]
    assert sorted(tools["hatch"]["build"]["targets"]["wheel"]["packages"]) == ROOMS
    assert sorted(tools["importlinter"]["root_packages"]) == ROOMS
    assert sorted(tools["mypy"]["packages"]) == ROOMS


def test_every_room_stands_on_a_floor() -> None:
    (floors,) = (one for one in PYPROJECT["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    assert sorted(room.strip() for floor in floors["layers"] for room in floor.split("|")) == ROOMS


def test_every_pure_module_that_the_floors_name_is_there() -> None:
    for contract in PYPROJECT["tool"]["importlinter"]["contracts"]:
        for module in contract.get("source_modules", ()):
            assert find_spec(module) is not None, module


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_distribution_brings_a_package_of_our_name(room: str) -> None:
    assert set(packages_distributions().get(room, ["pantau"])) == {"pantau"}
    spec = find_spec(room)
    assert spec is not None
    assert spec.origin == str(ROOT / room / "__init__.py")


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_what_it_is_for(room: str) -> None:
    text = (ROOT / room / "__init__.py").read_text()
    assert re.fullmatch(r'""".+?"""\n', text, re.DOTALL), f"{room}/__init__.py is one docstring"
    readme = (ROOT / room / "README.md").read_text()
    assert readme.startswith("# ")
    assert len(readme.splitlines()) <= 100, "a page at most"


@pytest.mark.parametrize("folder", [ROOT / "tests", *(ROOT / "tests").glob("**/")], ids=str)
def test_no_folder_of_tests_is_a_package(folder: Path) -> None:
    assert not (folder / "__init__.py").exists(), "it would shadow the room of its name"


def test_names_of_test_files_are_said_once() -> None:
    names = [file.name for file in (ROOT / "tests").glob("**/test_*.py")]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("readme", READMES, ids=str)
def test_every_path_that_a_readme_names_is_there(readme: Path) -> None:
    text = (ROOT / readme).read_text()
    here = ROOT / readme.parent
    missing = [path for path in LINK.findall(text) if not (here / path).exists()]
    missing += [path for path in PATH.findall(text) if not found(here, path)]
    assert not missing


def found(here: Path, path: str) -> bool:
    """From the README's own folder, from the root, or anywhere in the room."""
    return (here / path).exists() or (ROOT / path).exists() or (here != ROOT and any(here.glob(f"**/{path}")))
