"""What the servers' root is made of, and how a failure to make it is told."""

from pathlib import Path

import pytest

from deploy.local import recipe
from deploy.local.failure import LocalServerError
from deploy.local.root import require_space


def test_another_package_is_another_root(monkeypatch: pytest.MonkeyPatch) -> None:
    before = recipe.version()
    monkeypatch.setattr(recipe, "PACKAGES", (*recipe.PACKAGES, "another"))
    assert recipe.version() != before


def test_the_same_recipe_is_the_same_root() -> None:
    assert recipe.version() == recipe.version()
    assert recipe.version().startswith("trixie-")


def test_the_command_names_no_mirror() -> None:
    assert not [word for word in recipe.build_command(Path("target")) if "://" in word]


def test_an_unreachable_mirror_is_told_in_one_line() -> None:
    heard = [
        "I: running apt-get update...",
        "Err:1 http://mirror.example trixie InRelease",
        "  Temporary failure resolving 'mirror.example'",
        "E: apt-get update --error-on=any -oAPT::Status-Fd=<$fd> failed",
    ]
    assert recipe.explain(heard).startswith("the Debian mirror cannot be reached: ")


def test_a_full_disk_is_told_in_one_line() -> None:
    heard = ["dpkg-deb: error: cannot write: No space left on device", "E: dpkg-deb failed"]
    assert recipe.explain(heard).startswith("no space left on the disk ")


def test_any_other_failure_is_told_by_its_first_error() -> None:
    assert recipe.explain(["I: start", "E: no such suite", "E: failed"]) == "mmdebstrap failed: no such suite"


def test_a_silent_failure_says_that_it_was_silent() -> None:
    assert recipe.explain([]) == "mmdebstrap failed: it said nothing"


def test_too_little_space_is_refused_with_both_figures() -> None:
    with pytest.raises(LocalServerError, match="has 12 MB free, the servers need 1000 MB"):
        require_space(Path("somewhere"), free=12_000_000)


def test_enough_space_is_enough() -> None:
    require_space(Path("somewhere"), free=recipe.BYTES_NEEDED)
