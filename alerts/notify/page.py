"""Pure: a page, one message to one address, and its form as a short message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias

import msgspec

from alerts.incidents.words import Language
from alerts.notify import gsm

Status: TypeAlias = Literal["firing", "resolved", "digest", "test"]
# Digits only: the letter after them is the verb.
Code = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,9}$")]
# What may be answered, and with which letter (the contract's).
HINTS: Mapping[Language, str] = {
    "id": "{code}a ok {code}e naik {code}c tutup",
    "en": "{code}a ack {code}e escalate {code}c close",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is sent, whatever the channel; stored as JSON in the outbox.

    `to` is an address of the channel's sort (a chat id, a phone number, a mail address, a topic), None for the
    channel's own. `incident` and `sequence` stand in the text, so that a double is seen as one. `title` is one line,
    `text` several. `code` is what a reply begins with, None where there is nothing to reply to. `webhook` is
    Alertmanager's body, for webhooks only.
    """

    to: str | None = None
    technician: str | None = None
    incident: int | None = None
    sequence: int
    status: Status
    severity: str
    title: str
    text: str = ""
    code: Code | None = None
    url: str = ""
    language: Language = "id"
    webhook: Mapping[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """`#41.2`: the second message about incident 41; `#2` of what is about no incident."""
        return f"#{self.sequence}" if self.incident is None else f"#{self.incident}.{self.sequence}"

    @property
    def headline(self) -> str:
        """The title with the number before it, once."""
        return f"{self.number} {self.title.removeprefix(f'{self.number} ')}"


def to_json(page: Page) -> dict[str, Any]:
    """As it is stored."""
    built: dict[str, Any] = msgspec.to_builtins(page)
    return built


def from_json(stored: Mapping[str, Any]) -> Page:
    """As it was stored. Raises msgspec.ValidationError for what is no page."""
    return msgspec.convert(stored, Page)


def short(page: Page) -> str:
    """At most 160 septets: number, title and what may be replied. Of them only the title is ever cut."""
    number, title = page.number, gsm.spell(page.title).removeprefix(f"{page.number} ")
    ending = f" {HINTS[page.language].format(code=page.code)}" if page.code else ""
    return f"{number} {gsm.cut(title, gsm.SEPTETS - len(number) - 1 - len(ending))}".rstrip() + ending
