"""Where in a TOML text a key stands: tomllib gives no lines, and a fault without a line is a search. Pure."""

import re
from collections.abc import Sequence

TABLE = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(#.*)?$")


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line (from 1) of the key at `path`, or of the nearest table around it, or 1.

    An array of tables is addressed as pydantic does: ("rules", 2, "below") is the key in the third [[rules]].
    """
    best, best_depth = 1, 0
    here: tuple[str | int, ...] = ()
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        here = _table(line, seen) or here
        candidate = here if TABLE.match(line) else (*here, *_key(line))
        depth = len(candidate)
        if best_depth < depth <= len(path) and tuple(path[:depth]) == candidate:
            best, best_depth = number, depth
    return best


def _table(line: str, seen: dict[str, int]) -> tuple[str | int, ...]:
    """The path that a table's header opens; () where the line is none."""
    header = TABLE.match(line)
    if header is None:
        return ()
    name = header[2].strip("\"'")
    if header[1] == "[[":
        seen[name] = seen.get(name, -1) + 1
    path: list[str | int] = []
    for depth, part in enumerate(parts := name.split("."), start=1):
        path.append(part)
        array = ".".join(parts[:depth])
        if array in seen:
            path.append(seen[array])
    return tuple(path)


def _key(line: str) -> tuple[str, ...]:
    name, equals, _ = line.partition("=")
    return (name.strip().strip("\"'"),) if equals and not line.lstrip().startswith("#") else ()
