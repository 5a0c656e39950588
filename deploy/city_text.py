"""The text of city.toml: one file, or several that are read one after the other as one. Pure but for the reading."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Self

from deploy.refused import Faults, RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class CityText:
    """`content` of each of `files`. What is relative in any of them is beside the first."""

    files: tuple[Path, ...]
    contents: tuple[str, ...]

    @classmethod
    def read(cls, files: Sequence[Path]) -> Self:
        """Raises RefusedError with a line for every file that cannot be read."""
        faults, contents = Faults(), []
        for file in files:
            with faults:
                contents.append(_content(file))
        faults.refuse()
        return cls(files=tuple(files), contents=tuple(contents))

    @property
    def whole(self) -> str:
        return "".join(self.contents)

    def place(self, line: int) -> str:
        """`file:line` of a line of the whole, which counts from 1."""
        begins = list(accumulate((content.count("\n") for content in self.contents), initial=0))[: len(self.files)]
        number = bisect_right(begins, line - 1) - 1
        return f"{self.files[number]}:{line - begins[number]}"


def _content(file: Path) -> str:
    """Every line of it with its end, the last one too."""
    try:
        text = file.read_text("utf-8")
    except OSError as fault:
        raise RefusedError([f"{file}: cannot be read: {fault.strerror}"]) from fault
    except UnicodeDecodeError as fault:
        line = 1 + fault.object.count(b"\n", 0, fault.start)
        raise RefusedError([f"{file}:{line}: not UTF-8"]) from fault
    return text if text.endswith("\n") else f"{text}\n"
