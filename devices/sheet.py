"""A device list as CSV (RFC 4180), as office programs read and write it: drafts out of text, and text out of devices.

Comma or semicolon (what Excel writes in an Indonesian locale), decimal point or comma, LF or CRLF. Lines beginning with
# before the header are a comment. A `parents` cell is ids separated by spaces, a redundancy group joined by |:
`pop-a pop-b|pop-c`. The other two composed cells are `devices.pairs`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from devices.device import Device, Parent
from devices.draft import COLUMNS, REQUIRED, Draft, Unreadable, to_draft
from devices.fault import Fault
from devices.pairs import bare_json, bare_text, parse_pairs, render_pairs

NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?([eE][-+]?[0-9]+)?")
# An office program quotes a comment that has a separator in it.
COMMENTS = ("#", '"#')


def read_sheet(text: str) -> Iterator[tuple[int, Draft] | Fault]:
    """Each row's line and draft, and the faults of the sheet itself. Empty rows are passed over."""
    lines = list(io.StringIO(text, newline=""))
    above = next((n for n, line in enumerate(lines) if not _is_comment(line)), len(lines))
    if above == len(lines):
        yield Fault(line=1, reason=f"no header line; it names the columns {', '.join(COLUMNS)}")
        return
    records = _records(lines[above:], above)
    header = next(records)
    if isinstance(header, Fault):
        yield header
        return
    columns = _trimmed([cell.strip() for cell in header[1]])
    faults = list(_header_faults(header[0], columns))
    yield from faults
    if set(columns) >= REQUIRED and len(set(columns)) == len(columns):
        yield from _rows(records, columns)


def write_sheet(devices: Iterable[Device]) -> str:
    """The devices as a sheet that `read_sheet` reads back."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([WRITERS[column](value) for column, value in to_draft(device).items()] for device in devices)
    return sheet.getvalue()


def _is_comment(line: str) -> bool:
    return line.startswith(COMMENTS) or not line.strip()


def _records(lines: list[str], above: int) -> Iterator[tuple[int, list[str]] | Fault]:
    """Every record with the line on which it begins; after a broken quote nothing more can be told apart."""
    separator = ";" if lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        line = above + reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Fault(line=line, reason=f"the row that begins here cannot be read as CSV: {error}")
            return


def _header_faults(line: int, columns: list[str]) -> Iterator[Fault]:
    if len(columns) == 1:
        yield Fault(line=line, reason="one column only; cells are separated by a comma or a semicolon")
    for column in dict.fromkeys(columns):
        if column not in COLUMNS:
            yield Fault(line=line, column=column, reason=f"unknown column; known are {', '.join(COLUMNS)}")
        elif columns.count(column) > 1:
            yield Fault(line=line, column=column, reason="this column stands here twice")
    yield from (
        Fault(line=line, column=column, reason="column missing") for column in COLUMNS if _lacks(columns, column)
    )


def _lacks(columns: list[str], column: str) -> bool:
    return column in REQUIRED and column not in columns


def _rows(records: Iterable[tuple[int, list[str]] | Fault], columns: list[str]) -> Iterator[tuple[int, Draft] | Fault]:
    for record in records:
        if isinstance(record, Fault):
            yield record
            continue
        line, row = record
        cells = _trimmed(row)
        if len(cells) > len(columns):
            yield Fault(line=line, reason=f"{len(cells)} cells under {len(columns)} columns")
        elif cells:
            yield line, _draft(dict(zip(columns, cells, strict=False)))


def _trimmed(row: list[str]) -> list[str]:
    """Without the empty cells at the end, of which office programs keep too many or too few."""
    count = len(row)
    while count and not row[count - 1].strip():
        count -= 1
    return row[:count]


def _draft(row: Mapping[str, str]) -> Draft:
    return {column: READERS[column](cell.strip()) for column, cell in row.items() if column in READERS and cell.strip()}


def _number(cell: str) -> float | Unreadable:
    if not NUMBER.fullmatch(cell):
        return Unreadable(f"{cell[:60]!r} is no number of degrees")
    return float(cell.replace(",", "."))


def _parents(cell: str) -> list[str | list[str]] | Unreadable:
    groups = [element.split("|") for element in cell.split()]
    if any("" in group for group in groups):
        return Unreadable("a | stands between two ids, with no space around it")
    return [group[0] if len(group) == 1 else group for group in groups]


def _blank_or_number(degrees: float | None) -> str:
    return "" if degrees is None else repr(degrees)


def _rendered_parents(parents: Iterable[Parent]) -> str:
    return " ".join(parent if isinstance(parent, str) else "|".join(parent) for parent in parents)


READERS: Mapping[str, Callable[[str], object]] = {
    "id": str,
    "kind": str,
    "name": str,
    "area": str,
    "latitude": _number,
    "longitude": _number,
    "parents": _parents,
    "external_ids": lambda cell: parse_pairs(cell, bare_text),
    "attributes": lambda cell: parse_pairs(cell, bare_json),
}
WRITERS: Mapping[str, Callable[[Any], object]] = {
    "id": str,
    "kind": str,
    "name": str,
    "area": str,
    "latitude": _blank_or_number,
    "longitude": _blank_or_number,
    "parents": _rendered_parents,
    "external_ids": lambda pairs: render_pairs(pairs, bare_text),
    "attributes": lambda pairs: render_pairs(pairs, bare_json),
}
