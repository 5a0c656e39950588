"""Pure: what people answer to a page, from a button or from what they type."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, TypedDict

from alerts.notify.page import Page

# Of what is typed only so much is looked at.
LONGEST = 160
# Telegram's limit for the data of a button, in bytes.
LONGEST_DATA = 64


class Verb(StrEnum):
    """What may be asked. `unclear` is what could not be read: the answer to it is how to ask."""

    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"
    CLOSE = "close"
    AWAKE = "awake"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What somebody said, not yet who that is: `sender` is an address of the channel's sort.

    A page is meant by its `code`, or by the `incident` and `sequence` of its number. `at` is when we heard it,
    `said_at` the time the network put on it, where it does.
    """

    channel: str
    sender: str
    verb: Verb
    at: datetime
    code: str | None = None
    incident: int | None = None
    sequence: int | None = None
    said_at: datetime | None = None


# Does what a reply asks, and returns what is said back; "" says nothing. Raises only what another attempt may mend.
Hear: TypeAlias = Callable[[Reply], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was read: a verb, and about what."""

    verb: Verb
    code: str | None = None
    incident: int | None = None
    sequence: int | None = None


class _About(TypedDict):
    code: str | None
    incident: int | None
    sequence: int | None


UNCLEAR = Asked(verb=Verb.UNCLEAR)
WORDS: Mapping[str, Verb] = {
    **dict.fromkeys(("a", "ack", "acknowledge", "ok", "oke", "terima", "siap"), Verb.ACKNOWLEDGE),
    **dict.fromkeys(("e", "escalate", "esc", "naik", "eskalasi"), Verb.ESCALATE),
    **dict.fromkeys(("c", "close", "tutup", "selesai", "beres"), Verb.CLOSE),
    **dict.fromkeys(("awake", "bangun"), Verb.AWAKE),
}
LETTERS: Mapping[str, Verb] = {"a": Verb.ACKNOWLEDGE, "e": Verb.ESCALATE, "c": Verb.CLOSE, "w": Verb.AWAKE}
# Numbers are shorter than the columns they are compared with, whatever is typed.
ABOUT = r"(?:#(?P<incident>[0-9]{1,18})(?:\.(?P<sequence>[0-9]{1,9}))?|(?P<code>[0-9]{1,9}))"
GAP = r"[\s.,:;/-]*"
WORD = rf"/?(?P<word>{'|'.join(sorted(WORDS, key=len, reverse=True))})(?:@\w+)?"
ENDING = r"[\s.!]*"
BEFORE, AFTER, ALONE = (
    re.compile(form + ENDING, re.ASCII) for form in (f"{ABOUT}{GAP}{WORD}", f"{WORD}{GAP}{ABOUT}", WORD)
)
QUOTED = re.compile(r"#(?P<incident>[0-9]{1,18})\.(?P<sequence>[0-9]{1,9})(?![0-9])", re.ASCII)
DATA = re.compile(
    r"(?P<letter>[aecw]):(?P<incident>[0-9]{0,18}):(?P<sequence>[0-9]{1,9}):(?P<code>[0-9]{0,9})", re.ASCII
)


def read_text(text: str, quoted: str = "") -> Asked:
    """`41a`, `41 ok`, `naik 41`, `#41.2 tutup`, `bangun`; case, blanks and punctuation between are forgiven.

    Only the first line counts, and nothing may follow. A verb alone is about the page that was `quoted`, if any, and
    only `awake` is about none.
    """
    line = (text.strip().splitlines() or [""])[0][:LONGEST].strip().lower()
    if found := BEFORE.fullmatch(line) or AFTER.fullmatch(line):
        return Asked(verb=WORDS[found["word"]], **_about(found.groupdict()))
    alone = ALONE.fullmatch(line)
    if alone and (page := QUOTED.match(quoted)):
        return Asked(verb=WORDS[alone["word"]], **_about(page.groupdict()))
    return Asked(verb=Verb.AWAKE) if alone and WORDS[alone["word"]] is Verb.AWAKE else UNCLEAR


def button(page: Page, verb: Verb) -> str:
    """The data of a button under a page, at most 64 bytes."""
    letter = next(letter for letter, meant in LETTERS.items() if meant is verb)
    return f"{letter}:{'' if page.incident is None else page.incident}:{page.sequence}:{page.code or ''}"


def read_button(data: str) -> Asked:
    """What a button meant."""
    found = DATA.fullmatch(data)
    return Asked(verb=LETTERS[found["letter"]], **_about(found.groupdict())) if found else UNCLEAR


def reply(asked: Asked, *, channel: str, sender: str, at: datetime, said_at: datetime | None = None) -> Reply:
    """What was asked, by whom and when. A time later than now is a wrong clock, and no time at all."""
    return Reply(
        channel=channel,
        sender=sender,
        verb=asked.verb,
        at=at,
        code=asked.code,
        incident=asked.incident,
        sequence=asked.sequence,
        said_at=said_at if said_at is not None and said_at <= at else None,
    )


def _about(found: Mapping[str, str | None]) -> _About:
    incident, sequence = found.get("incident"), found.get("sequence")
    return {
        "code": found.get("code") or None,
        "incident": int(incident) if incident else None,
        "sequence": int(sequence) if sequence else None,
    }
