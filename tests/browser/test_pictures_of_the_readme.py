"""README.md shows what the tests photographed, and nothing else."""

import re
from pathlib import Path

from tests.browser.pictures import SHOWN

README = Path(__file__).parents[2] / "README.md"
PICTURE = re.compile(r"\[[^\]]+\]\(([^)]+\.png)\)")


def test_the_pictures_in_the_readme_are_those_that_a_test_takes() -> None:
    shown = {README.parent / name for name in PICTURE.findall(README.read_text())}
    assert shown
    assert shown <= {folder / name for name, folder in SHOWN.items()}
    assert [picture for picture in shown if not picture.exists()] == []
