"""What PostgreSQL's jsonb can hold: JSON, less a few texts, numbers and depths. Pure."""

import math
from collections.abc import Iterable

# Deeper than any message or attribute of ours, and far from what a recursive encoder or the database would choke on.
MAX_LEVELS = 32


def jsonb_fault(value: object) -> str | None:
    """Why jsonb, or the way to it, would refuse the value; None where it will do.

    jsonb has no NUL (PostgreSQL manual, 8.14), UTF-8 has no lone surrogates (RFC 3629, 3), JSON no infinities.
    """
    level = [value]
    for _ in range(MAX_LEVELS):
        fault = next((fault for node in level if (fault := _scalar_fault(node))), None)
        if fault is not None:
            return fault
        level = [child for node in level for child in _children(node)]
        if not level:
            return None
    return f"nested deeper than {MAX_LEVELS} levels"


def text_fault(text: str) -> str | None:
    """Why PostgreSQL cannot store the text; None where it can."""
    if "\0" in text:
        return "holds the character NUL"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "holds half a surrogate pair, which is no character"
    return None


def _scalar_fault(node: object) -> str | None:
    if isinstance(node, str):
        return text_fault(node)
    if isinstance(node, float) and not math.isfinite(node):
        return f"{node} is not a finite number"
    return None


def _children(node: object) -> Iterable[object]:
    if isinstance(node, dict):
        return [*node.keys(), *node.values()]
    return node if isinstance(node, list) else ()
