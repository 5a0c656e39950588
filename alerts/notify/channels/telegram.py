"""The Telegram channel: a bot that pages with buttons, and hears what is pressed and typed.

https://core.telegram.org/bots/api
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import httpx
import msgspec
from pydantic import Field, HttpUrl, Secret

from alerts.notify.channels.exchange import Exchanged, exchange, http_client
from alerts.notify.channels.sender import ORDINARY, Answer, HearingError, Pace, Sender
from alerts.notify.channels.settings import TIMEOUT_SECONDS, ChannelSettings, TimeoutSeconds
from alerts.notify.hearing import set_aside
from alerts.notify.page import Page
from alerts.notify.reply import Asked, Hear, Verb, button, read_button, read_text, reply

# Telegram counts UTF-16 units.
LONGEST_TEXT = 4096
LONGEST_TOAST = 200
# What reading an update raises that is not as the API describes it: asked for again, it would be the same.
UNREADABLE = (LookupError, TypeError, AttributeError, ValueError, OverflowError)
# More seconds than the outbox waits for anybody.
LONGEST_WAIT = 86_400
BUTTONS: Mapping[str, tuple[tuple[Verb, str], ...]] = {
    "id": ((Verb.ACKNOWLEDGE, "Terima"), (Verb.ESCALATE, "Naikkan"), (Verb.CLOSE, "Tutup")),
    "en": ((Verb.ACKNOWLEDGE, "Acknowledge"), (Verb.ESCALATE, "Escalate"), (Verb.CLOSE, "Close")),
}


class Telegram(ChannelSettings):
    """Whose bot pages, and into which chat where a page names none."""

    SECRETS = ("token",)

    kind: Literal["telegram"]
    token: Secret[Annotated[str, Field(pattern=r"^[0-9]+:[A-Za-z0-9_-]+$")]]
    chat: Annotated[str, Field(pattern=r"^(-?[0-9]{1,19}|@\w{1,32})$")] | None = None
    api: HttpUrl = HttpUrl("https://api.telegram.org")
    poll_seconds: Annotated[int, Field(ge=0, le=50)] = 25
    timeout_seconds: TimeoutSeconds = TIMEOUT_SECONDS

    @property
    def ear(self) -> str:
        return self.token.get_secret_value()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Sender]:
        async with http_client() as client:
            yield TelegramSender(self, client)


class _Parameters(msgspec.Struct):
    retry_after: int | None = None


class _Said(msgspec.Struct):
    """What every method of the API answers."""

    ok: bool
    result: Any = None
    error_code: int = 0
    description: str = ""
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


@dataclass(frozen=True, slots=True)
class TelegramSender:
    """The open channel."""

    telegram: Telegram
    client: httpx.AsyncClient
    pace: Pace = ORDINARY

    async def send(self, page: Page, now: datetime) -> Answer:  # noqa: ARG002  Telegram counts from now itself
        chat = page.to or self.telegram.chat
        if chat is None:
            return Answer(refused="no chat: neither the page nor the channel has one")
        came = await self.call("sendMessage", message(page, chat))
        return came if isinstance(came, Answer) else Answer()

    async def check(self) -> str | None:
        came = await self.call("getMe", {})
        return came.refused if isinstance(came, Answer) else None

    async def listen(self, hear: Hear, now: Callable[[], datetime]) -> None:
        """Hear updates for ever, each done before it is confirmed by the next question: at least once.

        Raises HearingError where the API refuses; its 409 is a second poller, or a webhook, of the same bot.
        """
        offset = 0
        while True:
            asked = {"offset": offset, "timeout": self.telegram.poll_seconds}
            wanted = asked | {"allowed_updates": ["message", "callback_query"]}
            seconds = self.telegram.poll_seconds + self.telegram.timeout_seconds
            came = await self.call("getUpdates", wanted, within_seconds=seconds)
            if isinstance(came, Answer):
                raise HearingError(came.refused)
            for update in came:
                try:
                    await self._hear(update, hear, now())
                except UNREADABLE as fault:
                    set_aside(self.telegram.name, fault)
                offset = update["update_id"] + 1

    async def call(self, method: str, body: Mapping[str, Any], *, within_seconds: float | None = None) -> Any:  # noqa: ANN401  whatever the method gives
        """The result of one method, or an Answer that refuses."""
        telegram = self.telegram
        url = f"{str(telegram.api).rstrip('/')}/bot{telegram.token.get_secret_value()}/{method}"
        seconds = within_seconds or telegram.timeout_seconds
        came = await exchange(self.client, "POST", url, within_seconds=seconds, json=body)
        return Answer(refused=came) if isinstance(came, str) else _result(came)

    async def _hear(self, update: Mapping[str, Any], hear: Hear, now: datetime) -> None:
        """One update. That an answer cannot be said changes nothing: what was asked is done."""
        if query := update.get("callback_query"):
            await self._hear_button(query, hear, now)
        elif (typed := update.get("message")) and "from" in typed:
            await self._hear_text(typed, hear, now)

    async def _hear_button(self, query: Mapping[str, Any], hear: Hear, now: datetime) -> None:
        asked, sender = read_button(str(query.get("data", ""))), str(query["from"]["id"])
        words = await hear(reply(asked, channel=self.telegram.name, sender=sender, at=now))
        await self.call("answerCallbackQuery", {"callback_query_id": query["id"], "text": words[:LONGEST_TOAST]})

    async def _hear_text(self, typed: Mapping[str, Any], hear: Hear, now: datetime) -> None:
        asked, said_at = _typed(typed), datetime.fromtimestamp(typed["date"], UTC)
        if asked is None:
            return
        sender = str(typed["from"]["id"])
        if words := await hear(reply(asked, channel=self.telegram.name, sender=sender, at=now, said_at=said_at)):
            about = {"message_id": typed["message_id"], "allow_sending_without_reply": True}
            said = {"chat_id": typed["chat"]["id"], "text": _fitting(words), "reply_parameters": about}
            await self.call("sendMessage", said)


def message(page: Page, chat: str) -> dict[str, Any]:
    """The body of sendMessage: plain text, so that no character of it is markup; buttons where there is what to do."""
    text = "\n".join(part for part in (page.headline, page.text, page.url) if part)
    body = {
        "chat_id": chat,
        "text": _fitting(text),
        "disable_notification": page.severity == "info",
        "link_preview_options": {"is_disabled": True},
    }
    if page.status != "firing" or (page.incident is None and page.code is None):
        return body
    row = [{"text": label, "callback_data": button(page, verb)} for verb, label in BUTTONS[page.language]]
    return body | {"reply_markup": {"inline_keyboard": [row]}}


def _typed(typed: Mapping[str, Any]) -> Asked | None:
    """What a message asks; small talk in a group, to nobody in particular, asks nothing."""
    asked = read_text(str(typed.get("text", "")), quoted=str(typed.get("reply_to_message", {}).get("text", "")))
    private = typed["chat"].get("type") == "private"
    return asked if private or asked.verb is not Verb.UNCLEAR else None


def _result(came: Exchanged) -> Any:  # noqa: ANN401  whatever the method gives
    try:
        said = msgspec.json.decode(came.body, type=_Said)
    except msgspec.DecodeError:  # ValidationError is one
        return Answer(refused=f"HTTP {came.status}")
    if said.ok:
        return said.result
    wait = said.parameters.retry_after
    asked = None if wait is None else timedelta(seconds=min(wait, LONGEST_WAIT))
    return Answer(refused=f"Telegram {said.error_code}: {said.description}"[:300], asked=asked)


def _fitting(text: str) -> str:
    return text.encode("utf-16-le", "replace")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")
