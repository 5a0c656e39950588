"""deploy/Dockerfile: what can be said of it without building it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "deploy" / "Dockerfile").read_text()
STAGES = re.split(r"^FROM ", TEXT, flags=re.MULTILINE)[1:]
IGNORE = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text().splitlines()


def test_both_stages_stand_on_the_same_pinned_base() -> None:
    """The environment's python is a link into the base, so another base would leave it hanging."""
    bases = {stage.split()[0] for stage in STAGES}
    assert bases == {"python:3.13-slim-trixie"}


def test_the_image_holds_what_uv_lock_says_and_no_tool_of_ours() -> None:
    syncs = re.findall(r"uv sync (--frozen --[\w-]+)", TEXT)
    assert syncs == ["--frozen --no-dev", "--frozen --only-group", "--frozen --no-dev"]
    # What builds the pages stands in an environment of its own, which is thrown away in the same layer.
    (building,) = re.findall(r"UV_PROJECT_ENVIRONMENT=\.venv .*--only-group pages.*", TEXT)
    assert building.endswith("sh deploy/local/pages.sh && rm -rf .venv dashboards/node_modules")


def test_the_last_stage_installs_nothing_and_runs_as_a_fixed_user() -> None:
    last = STAGES[-1]
    assert not re.search(r"apt-get|pip install|uv sync", last)
    assert "\nUSER 10001:10001\n" in last
    assert '\nENTRYPOINT ["pantau"]\n' in last


def test_the_build_sees_every_room_and_nothing_it_was_not_given() -> None:
    rooms = re.findall(r'"(\w+)"', (ROOT / "pyproject.toml").read_text().partition("packages = [")[2].partition("]")[0])
    assert "*" in IGNORE
    assert {f"!{room}" for room in rooms} <= set(IGNORE)
