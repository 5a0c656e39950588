"""A page fits one short message, whatever people wrote into it, and never loses its number or its code."""

import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.notify import gsm
from alerts.notify.page import Page, from_json, short, to_json

CUT = Page(
    incident=41,
    sequence=2,
    status="firing",
    severity="critical",
    title="#41.2 PUTUS: Kabel FO putus antara FP-087 dan FP-088, Lengkiti: 23 titik, 2 hotspot, 3 CCTV",
    code="41",
)

pages = st.builds(
    Page,
    to=st.none() | st.text(),
    incident=st.none() | st.integers(1, 2**63 - 1),
    sequence=st.integers(1, 2**31 - 1),
    status=st.sampled_from(["firing", "resolved", "digest", "test"]),
    severity=st.sampled_from(["info", "warning", "critical"]),
    title=st.text(max_size=400),
    text=st.text(),
    code=st.none() | st.from_regex(r"[0-9]{1,9}", fullmatch=True),
    language=st.sampled_from(["id", "en"]),
    webhook=st.dictionaries(st.text(), st.text()),
)


def test_a_page_in_160_characters_says_what_where_and_how_to_answer() -> None:
    assert short(CUT) == (
        "#41.2 PUTUS: Kabel FO putus antara FP-087 dan FP-088, Lengkiti: 23 titik, 2 hotspot, 3 CCTV "
        "41a ok 41e naik 41c tutup"
    )


def test_a_long_title_is_cut_before_number_and_code_are() -> None:
    text = short(replace(CUT, title="Lengkiti " * 40))
    assert len(text) == 160
    assert text.startswith("#41.2 Lengkiti")
    assert text.endswith(" 41a ok 41e naik 41c tutup")


def test_of_what_is_about_no_incident_the_number_is_its_sequence() -> None:
    assert short(replace(CUT, incident=None, sequence=7, code=None, title="12 kabar")) == "#7 12 kabar"


def test_the_number_of_another_message_is_not_taken_for_ones_own() -> None:
    assert replace(CUT, title="#41.25 naik").headline == "#41.2 #41.25 naik"


@given(pages)
def test_any_page_is_one_short_message_with_its_number_and_its_code(page: Page) -> None:
    text = short(page)
    assert set(text) <= gsm.BASIC | gsm.EXTENSION
    assert gsm.septets(text) <= gsm.SEPTETS
    assert text.split(" ")[0] == page.number
    assert "\n" not in text
    assert page.code is None or {f"{page.code}{verb}" for verb in "aec"} <= set(text.split(" "))


@given(st.text())
def test_what_is_spelt_stays_as_it_is_when_spelt_again(text: str) -> None:
    assert gsm.spell(gsm.spell(text)) == gsm.spell(text)


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("“PUTUS” – 41 °C…", '"PUTUS" - 41 deg C...'),  # noqa: RUF001
        ("Café ñandú ệ", "Café ñandu e"),
        ("banjir 🌊 ①", "banjir ? 1"),
        ("a\x00b\r\nc\td", "a b c d"),
        ("[90%] {x} €5", "[90%] {x} €5"),
        ("水位", "??"),
        ("a\u0301e\u0301 \u200b!", "aé !"),
    ],
)
def test_what_the_alphabet_has_not_got_is_written_as_people_would(written: str, spelt: str) -> None:
    assert gsm.spell(written) == spelt


def test_characters_of_the_extension_table_take_twice_the_room() -> None:
    assert gsm.septets("[€]") == 6
    assert gsm.cut("a[b", 2) == "a"
    assert gsm.cut("a[b", 3) == "a["
    assert len(gsm.BASIC) == 127  # of 128 places one is the escape


@given(pages)
def test_a_page_is_read_from_the_outbox_as_it_was_written(page: Page) -> None:
    assert from_json(json.loads(json.dumps(to_json(page)))) == page


def test_a_code_of_more_than_digits_is_no_page() -> None:
    with pytest.raises(msgspec.ValidationError):
        from_json(to_json(CUT) | {"code": "41a"})
