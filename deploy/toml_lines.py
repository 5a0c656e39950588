"""Where in a TOML text a key stands: tomllib gives no lines, and a fault without a line is a search. Pure."""

import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, TypeAlias

# Keys, and places in arrays.
TomlPath: TypeAlias = Sequence[str | int]


def line_of(text: str, path: TomlPath) -> int:
    """The line (from 1) on which the key at `path` begins, or the nearest that there is around it; 1 for no TOML.

    The path is pydantic's `loc`: ("rules", 2, "threshold", "below") is `below` in the third [[rules]], and "threshold"
    the member of a union that was tried, which stands in no file.
    """
    document = _parsed(text)
    if document is None:
        return 1
    lines = [f"{line}\n" for line in text.split("\n")]
    known = _known(document, path)

    def reached(count: int) -> bool:
        """Whether the key is there by the end of the statement in which line `count` stands."""
        beginnings = (_parsed("".join(lines[:end])) for end in range(count, len(lines) + 1))
        whole = next(beginning for beginning in beginnings if beginning is not None)
        return _known(whole, known) == known

    return max(1, bisect_left(range(len(lines)), True, key=reached))


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # TOMLDecodeError is one; an integer of 5,000 digits is another
        return None


def _known(document: object, path: TomlPath) -> list[str | int]:
    """The parts of the path that lead somewhere in the document, each from where the last one led."""
    known: list[str | int] = []
    for part in path:
        match document, part:
            case dict(), str() if part in document:
                document = document[part]
            case list(), int() if 0 <= part < len(document):
                document = document[part]
            case _:
                continue
        known.append(part)
    return known
