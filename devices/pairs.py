"""`key=value; key=value` in one cell of a sheet, both ways: what an operator can type where JSON's quotes invite slips.

A value is a number, true, false, null, or else a text, bare as it stands. A text that would read as one of those, or
that has a semicolon in it, stands in JSON's double quotes; lists and objects are JSON.
"""

import json
import re
from collections.abc import Callable, Mapping

import msgspec

from devices.draft import KEY_PATTERN, Unreadable

KEY = re.compile(rf"\s*({KEY_PATTERN})\s*=\s*")
END = re.compile(r"\s*(;|$)")
JSON_STARTS = ('"', "[", "{")
# What office programs make of a straight quote while one types.
TYPOGRAPHIC = ("\u201c", "\u201d", "\u201e")
_json = json.JSONDecoder()


def bare_json(text: str) -> object:
    """What a bare value of an attribute means: a number, true, false, null, or the text itself."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return text


def bare_text(text: str) -> object:
    """What a bare value of an external id means: the text, for a serial number of digits is no number."""
    return text


def parse_pairs(cell: str, bare: Callable[[str], object]) -> dict[str, object] | Unreadable:
    """The pairs of a cell; `bare` says what an unquoted value means."""
    text, position = cell.strip(), 0
    pairs: dict[str, object] = {}
    while position < len(text):
        key = KEY.match(text, position)
        if key is None:
            return Unreadable(f"key=value expected at {text[position : position + 30]!r}; pairs are separated by ;")
        if key[1] in pairs:
            return Unreadable(f"{key[1]} is given twice")
        value, position = _value(text, key.end(), bare)
        if isinstance(value, Unreadable):
            return Unreadable(f"{key[1]}: {value.reason}")
        pairs[key[1]] = value
    return pairs


def render_pairs(pairs: Mapping[str, object], bare: Callable[[str], object]) -> str:
    """The cell that `parse_pairs` reads back as these pairs."""
    return "; ".join(f"{key}={_rendered(value, bare)}" for key, value in pairs.items())


def _value(text: str, start: int, bare: Callable[[str], object]) -> tuple[object, int]:
    """The value at `start`, and where the next key begins."""
    if text.startswith(TYPOGRAPHIC, start):
        return Unreadable("typographic quotation marks; straight ones are meant"), start
    if text.startswith(JSON_STARTS, start):
        return _quoted(text, start)
    end = text.find(";", start)
    end = len(text) if end < 0 else end
    return bare(text[start:end].strip()), end + 1


def _quoted(text: str, start: int) -> tuple[object, int]:
    try:
        value, end = _json.raw_decode(text, start)
    except (ValueError, RecursionError):
        return Unreadable("begins like JSON and is none; a text that begins with a quote or bracket is quoted"), start
    after = END.match(text, end)
    if after is None:
        return Unreadable(f"; expected before {text[end : end + 30]!r}"), start
    return value, after.end()


def _rendered(value: object, bare: Callable[[str], object]) -> str:
    if isinstance(value, str) and _stands_bare(value, bare):
        return value
    return json.dumps(value, ensure_ascii=False)


def _stands_bare(text: str, bare: Callable[[str], object]) -> bool:
    if ";" in text or text != text.strip() or text.startswith((*JSON_STARTS, *TYPOGRAPHIC)):
        return False
    return isinstance(bare(text), str)
