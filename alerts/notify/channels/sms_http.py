"""The SMS channel through any gateway that speaks HTTP: the request is a template, and so is what counts as taken."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, Self, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import msgspec
from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment
from pydantic import AfterValidator, Field, Secret, SecretStr, model_validator

from alerts.notify.channels.exchange import Exchanged, exchange, http_client
from alerts.notify.channels.sender import LONGEST_REASON, ORDINARY, Answer, Pace, Sender
from alerts.notify.channels.settings import TIMEOUT_SECONDS, ChannelSettings, TimeoutSeconds
from alerts.notify.gsm import SEPTETS, cut, spell
from alerts.notify.page import Page, short

ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined)
# No template reaches as far as the host.
HOST = re.compile(r"^https?://[^/{}?#\s]+(?=[/?]|$)")
SAMPLE: Mapping[str, str] = {"to": "+6281200000000", "text": "#1.1 contoh 1a ok", "secret": "contoh"}


def _template(text: str) -> str:
    """Raises ValueError where it does not parse or asks for what there is not."""
    try:
        ENVIRONMENT.from_string(text).render(SAMPLE)
    except (TemplateError, ArithmeticError, TypeError, ValueError) as fault:
        raise ValueError(f"not a usable template of to, text and secret: {fault}") from None
    return text


def _secret_template(text: str) -> str:
    """As above, of a text that no message may quote."""
    try:
        return _template(text)
    except ValueError:
        raise ValueError("not a usable template of to, text and secret") from None


def _address(text: str) -> str:
    if not HOST.match(text):
        raise ValueError("must begin with http:// or https:// and a host")
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as fault:
        raise ValueError(f"not a regular expression: {fault}") from None
    return text


Text: TypeAlias = Annotated[str, AfterValidator(_template)]


class SmsHttp(ChannelSettings):
    """One request per message. `url`, `headers` and `body` are Jinja2 templates over `to`, `text` and `secret`.

    A 2xx is a message taken. Gateways that refuse with a 200 are told apart by `taken`, a regular expression searched
    for in the answer, or in what stands at `taken_at` in its JSON ("messages.0.status").
    """

    SECRETS = ("secret", "url")

    kind: Literal["sms_http"]
    method: Literal["POST", "PUT", "GET"] = "POST"
    url: Secret[Annotated[str, AfterValidator(_address), AfterValidator(_secret_template)]]
    headers: Mapping[str, Text] = Field(default={"Content-Type": "application/json"}, repr=False)
    body: Text = '{"to": {{ to | tojson }}, "text": {{ text | tojson }}}'
    secret: SecretStr | None = None
    taken: Annotated[str, AfterValidator(_pattern)] | None = None
    taken_at: str | None = None
    to: str | None = None
    timeout_seconds: TimeoutSeconds = TIMEOUT_SECONDS

    @model_validator(mode="after")
    def _says_the_text(self) -> Self:
        """A gateway may well take a message without text, and say that it was sent."""
        url = urlsplit(_rendered(self.url.get_secret_value(), SAMPLE))
        if url.fragment:
            raise ValueError("url: what it is given must be quoted: {{ text | urlencode }}")
        quoted = [text for texts in parse_qs(url.query).values() for text in texts] + [unquote(url.path)]
        templates = [*self.headers.values(), *(() if self.method == "GET" else (self.body,))]
        if not any(SAMPLE["text"] in part for part in quoted) and not any("text" in _names(one) for one in templates):
            raise ValueError("the text is nowhere in the request")
        if self.taken_at is not None and self.taken is None:
            raise ValueError("taken_at says where to look, and taken for what: it is missing")
        return self

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Sender]:
        async with http_client() as client:
            yield SmsHttpSender(self, client)


@dataclass(frozen=True, slots=True)
class SmsHttpSender:
    """The open channel."""

    sms: SmsHttp
    client: httpx.AsyncClient
    pace: Pace = ORDINARY

    async def send(self, page: Page, now: datetime) -> Answer:
        to = page.to or self.sms.to
        if to is None:
            return Answer(refused="no number: neither the page nor the channel has one")
        return await self._post(to, short(page), now)

    async def say(self, to: str, words: str) -> Answer:
        return await self._post(to, cut(spell(words), SEPTETS), None)

    async def _post(self, to: str, text: str, now: datetime | None) -> Answer:
        secret = self.sms.secret.get_secret_value() if self.sms.secret else ""
        words = {"to": to, "text": text, "secret": secret}
        came = await exchange(
            self.client,
            self.sms.method,
            _rendered(self.sms.url.get_secret_value(), words),
            within_seconds=self.sms.timeout_seconds,
            headers={name: _rendered(value, words) for name, value in self.sms.headers.items()},
            content=b"" if self.sms.method == "GET" else _rendered(self.sms.body, words).encode(),
        )
        answer = Answer(refused=came) if isinstance(came, str) else _answer(self.sms, came, now)
        return replace(answer, refused=answer.refused.replace(secret, "…")) if answer.refused and secret else answer

    async def check(self) -> str | None:
        """Whether anybody answers at that host; a request without a message is nobody's API."""
        host = "".join(HOST.findall(self.sms.url.get_secret_value()))
        came = await exchange(self.client, "HEAD", host, within_seconds=self.sms.timeout_seconds)
        return came if isinstance(came, str) else None


def _answer(sms: SmsHttp, came: Exchanged, now: datetime | None) -> Answer:
    if not came.good or sms.taken is None:
        return came.answer(now)
    text = came.body.decode("utf-8", "replace")
    said = text if sms.taken_at is None else _at(sms.taken_at, came.body)
    if said is not None and re.search(sms.taken, said):
        return Answer()
    return Answer(refused=f"HTTP {came.status}, not taken: {' '.join((said or text).split())}"[:LONGEST_REASON])


def _at(path: str, body: bytes) -> str | None:
    """What stands at a path of keys and places in JSON, as text; None where there is nothing."""
    try:
        found: Any = msgspec.json.decode(body)
        for part in path.split("."):
            found = found[int(part)] if isinstance(found, list) else found[part]
    except (msgspec.DecodeError, LookupError, TypeError, ValueError):
        return None
    return found if isinstance(found, str) else msgspec.json.encode(found).decode()


def _rendered(template: str, words: Mapping[str, str]) -> str:
    return _compiled(template).render(words)


def _names(template: str) -> set[str]:
    """What a template asks for."""
    return meta.find_undeclared_variables(ENVIRONMENT.parse(template))


@cache
def _compiled(template: str) -> Template:
    return ENVIRONMENT.from_string(template)
