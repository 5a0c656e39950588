"""What people type and press, as they do it: with blanks, capitals, words of their own, or none that we know."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.notify.page import Page
from alerts.notify.reply import LONGEST_DATA, UNCLEAR, Asked, Verb, button, read_button, read_text, reply
from tests.alerts.city import NOON
from tests.alerts.test_page import pages


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("41a", Asked(verb=Verb.ACKNOWLEDGE, code="41")),
        ("  41 A.\n\nDikirim dari HP saya", Asked(verb=Verb.ACKNOWLEDGE, code="41")),
        ("041E", Asked(verb=Verb.ESCALATE, code="041")),
        ("41-c", Asked(verb=Verb.CLOSE, code="41")),
        ("41 Ok!", Asked(verb=Verb.ACKNOWLEDGE, code="41")),
        ("terima 41", Asked(verb=Verb.ACKNOWLEDGE, code="41")),
        ("naik: 41", Asked(verb=Verb.ESCALATE, code="41")),
        ("/tutup@PantauBot 41", Asked(verb=Verb.CLOSE, code="41")),
        ("#41.2 selesai", Asked(verb=Verb.CLOSE, incident=41, sequence=2)),
        ("ok #41", Asked(verb=Verb.ACKNOWLEDGE, incident=41)),
        ("bangun", Asked(verb=Verb.AWAKE)),
        ("Bangun 41", Asked(verb=Verb.AWAKE, code="41")),
    ],
)
def test_a_reply_is_read_as_it_was_meant(text: str, asked: Asked) -> None:
    assert read_text(text) == asked


@pytest.mark.parametrize(
    "text",
    ["", "ok", "tutup", "41", "41 ada apa?", "41x", "41 jangan tutup", "41a 42a", "\u0664\u0661a", "a" * 10_000, "\n"],
)
def test_what_could_mean_anything_means_nothing(text: str) -> None:
    assert read_text(text) == UNCLEAR


def test_a_word_in_answer_to_a_page_is_about_that_page() -> None:
    assert read_text("ok", quoted="#41.2 PUTUS: FP-087") == Asked(verb=Verb.ACKNOWLEDGE, incident=41, sequence=2)
    assert read_text("ok", quoted="halo") == UNCLEAR
    assert read_text("42a", quoted="#41.2 PUTUS: FP-087") == Asked(verb=Verb.ACKNOWLEDGE, code="42")


@given(st.text())
def test_nothing_that_can_be_typed_breaks_the_reading(text: str) -> None:
    assert read_text(text).verb in Verb
    assert read_button(text).verb in Verb


@given(pages, st.sampled_from([Verb.ACKNOWLEDGE, Verb.ESCALATE, Verb.CLOSE, Verb.AWAKE]))
def test_a_button_means_its_page_and_fits_telegrams_limit(page: Page, verb: Verb) -> None:
    data = button(page, verb)
    assert len(data.encode()) <= LONGEST_DATA
    asked = read_button(data)
    if (page.incident or 0) < 10**18 and page.sequence < 10**9:
        assert asked.verb is verb
        assert (asked.incident, asked.code) == (page.incident, page.code)


def test_a_time_said_that_is_still_to_come_is_no_time() -> None:
    later, earlier = NOON + timedelta(seconds=1), NOON - timedelta(hours=1)
    asked = Asked(verb=Verb.AWAKE)
    assert reply(asked, channel="sms", sender="+62", at=NOON, said_at=later).said_at is None
    assert reply(asked, channel="sms", sender="+62", at=NOON, said_at=earlier).said_at == earlier
