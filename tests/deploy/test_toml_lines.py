"""The line of a key, in every shape in which TOML lets it be written."""

import json
from dataclasses import dataclass, field
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.toml_lines import line_of

CITY = dedent('''\
    # [[rules]] in a comment is none
    [city]
    name = "Ogan"
    areas = [
        "Lengkiti",   # below = 1
        "Ulu Ogan",
    ]

    [ingest.batch]
    messages = 10

    [[rules]]
    name = "one"
    below = -27.0
    summary = """
    [[rules]]
    below = 3
    """

    [[rules]]
    name = "two"
    match = { kind = "camera", area = "Lengkiti" }

    [[rules]]
    "name" = "three"
    match.kind = "camera"
    below = "cold"
    ''')


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("city",), 2),
        (("city", "name"), 3),
        (("city", "areas"), 4),
        (("ingest",), 9),
        (("ingest", "batch", "messages"), 10),
        (("rules",), 12),
        (("rules", 0, "below"), 14),
        (("rules", 1), 20),
        (("rules", 1, "match", "area"), 22),
        (("rules", 2), 24),
        (("rules", 2, "name"), 25),
        (("rules", 2, "match"), 26),
        (("rules", 2, "below"), 27),
    ],
)
def test_a_key_is_found_on_the_line_it_begins_on(path: tuple[str | int, ...], line: int) -> None:
    assert line_of(CITY, path) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("rules", 2, "threshold", "below"), 27),
        (("rules", 2, "silence", "match", "kind"), 26),
        (("rules", 0, "threshold", "below", "constrained-float"), 14),
    ],
)
def test_the_member_of_a_union_is_no_part_of_the_file(path: tuple[str | int, ...], line: int) -> None:
    assert line_of(CITY, path) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("nowhere",), 1),
        (("city", "devices"), 2),
        (("rules", 1, "threshold", "metric"), 20),
        (("rules", 7), 12),
        (("rules", "name"), 12),
    ],
)
def test_a_key_that_is_missing_is_told_by_the_table_it_is_missing_from(path: tuple[str | int, ...], line: int) -> None:
    assert line_of(CITY, path) == line


def test_lines_are_those_an_editor_shows_with_windows_line_ends_too() -> None:
    assert line_of(CITY.replace("\n", "\r\n"), ("rules", 2, "below")) == 27
    assert line_of('name = "a\u2028b"\nother = 1', ("other",)) == 2


@pytest.mark.parametrize("text", ["[", "a = [", f"a = {'[' * 10_000}", f"a = {'9' * 5_000}", "a = 1\na = 2"])
def test_what_is_no_toml_has_its_fault_on_the_first_line(text: str) -> None:
    assert line_of(text, ("a",)) == 1


@given(text=st.text() | st.text(alphabet="[]{}=.,\"'#\n\r ab1"), path=st.lists(st.text(max_size=2) | st.integers()))
def test_no_text_and_no_path_is_too_odd(text: str, path: list[str | int]) -> None:
    assert 1 <= line_of(text, path) <= text.count("\n") + 1


KEYS = st.text(alphabet="abcdefgh", min_size=1, max_size=3)
# A value may look like a table or a key, and stand on several lines.
VALUES = st.one_of(
    st.integers(-9, 9).map(str),
    st.sampled_from(["[[rules]]", "a = 1", "# no", "]"]).map(json.dumps),
    st.lists(st.integers(0, 9), max_size=3).map(lambda items: "[\n" + "".join(f"  {item},\n" for item in items) + "]"),
    st.sampled_from(['"""\n[[rules]]\na = 1\n"""', "'''\n\n'''"]),
)
ASIDES = st.sampled_from(["", "\n", "# a = 1\n", "\n# [a]\n"])


@dataclass
class Written:
    """A text as it grows, and the line of every key in it."""

    text: str = ""
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)

    def write(self, path: tuple[str | int, ...], statement: str, aside: str) -> None:
        self.text += aside
        self.lines[path] = self.text.count("\n") + 1
        self.text += f"{statement}\n"


@st.composite
def documents(draw: st.DrawFn) -> Written:
    """Keys, then tables of keys, then arrays of tables of keys."""
    written = Written()
    names = draw(st.lists(KEYS, unique=True, min_size=3, max_size=8))
    bare, tables, arrays = names[::3], names[1::3], names[2::3]
    for name in bare:
        written.write((name,), f"{name} = {draw(VALUES)}", draw(ASIDES))
    heads = [((name,), f"[{name}]") for name in tables]
    heads += [((name, n), f"[[{name}]]") for name in arrays for n in range(draw(st.integers(1, 3)))]
    for path, head in heads:
        written.write(path, head, draw(ASIDES))
        for key in draw(st.lists(KEYS, unique=True, max_size=3)):
            written.write((*path, key), f"{key} = {draw(VALUES)}", draw(ASIDES))
    return written


@given(written=documents())
def test_every_key_of_any_document_is_found_on_its_line(written: Written) -> None:
    assert {path: line_of(written.text, path) for path in written.lines} == written.lines
