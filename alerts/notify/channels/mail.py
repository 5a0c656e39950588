"""The e-mail channel: SMTP (RFC 5321) over TLS, one short text; all about one incident is one thread."""

import asyncio
import hashlib
import re
import smtplib
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator

from alerts.notify.channels.sender import LONGEST_REASON, ORDINARY, Answer, Pace, Sender, failure
from alerts.notify.channels.settings import TIMEOUT_SECONDS, BesideCity, ChannelSettings, TimeoutSeconds
from alerts.notify.channels.threads import InThread, threads
from alerts.notify.page import Page

PORTS = {"starttls": 587, "tls": 465, "none": 25}
MAILBOX = r"[^@\s<>\",;:]+@[^@\s<>\",;:]+"
Mailbox = Annotated[str, Field(pattern=f"^{MAILBOX}$")]
# Where this stands in a header, what follows is decoded (RFC 2047), and a line's end in it would begin another header.
ENCODED = "=?"


class Email(ChannelSettings):
    """Which server takes our mail. Without `security = "none"` nothing is sent but over TLS with a good certificate."""

    SECRETS = ("password",)

    kind: Literal["email"]
    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: BesideCity | None = None
    user: str | None = None
    password: SecretStr | None = None
    sender: Mailbox
    to: Mailbox | None = None
    timeout_seconds: TimeoutSeconds = TIMEOUT_SECONDS

    @model_validator(mode="after")
    def _login_whole(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password belong together")
        if self.user is not None and self.security == "none":
            raise ValueError('a password is not sent without TLS: security must not be "none"')
        return self

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Sender]:
        async with threads(ORDINARY.at_once) as in_thread:
            yield EmailSender(self, in_thread)


@dataclass(frozen=True, slots=True)
class EmailSender:
    """The open channel; a connection lasts for one mail."""

    email: Email
    in_thread: InThread
    pace: Pace = ORDINARY

    async def send(self, page: Page, now: datetime) -> Answer:
        try:
            message = compose(self.email, page, now)
        except (ValueError, LookupError, AttributeError) as fault:  # email breaks on some addresses that are none
            return Answer(refused=failure(fault))
        return Answer(refused=await self._talk(lambda smtp: smtp.send_message(message)))

    async def check(self) -> str | None:
        return await self._talk(lambda smtp: smtp.noop())

    async def _talk(self, say: Callable[[smtplib.SMTP], object]) -> str | None:
        """What went wrong, or None. A thread whose server hangs ends by the time-out of its socket."""
        try:
            async with asyncio.timeout(self.email.timeout_seconds):
                await self.in_thread(_session, self.email, say)
        except smtplib.SMTPRecipientsRefused as fault:
            return "; ".join(_said(*answer) for answer in fault.recipients.values())[:LONGEST_REASON]
        except smtplib.SMTPResponseException as fault:
            return _said(fault.smtp_code, fault.smtp_error)
        except (OSError, smtplib.SMTPException, ValueError) as fault:  # TimeoutError and ssl.SSLError are OSErrors
            return failure(fault)
        return None


def compose(email: Email, page: Page, now: datetime) -> EmailMessage:
    """One page as a mail. Raises ValueError where its address is none.

    The same page sent again has the same Message-ID, by which many mailboxes drop the double. What is about one
    incident answers one mail that never was, so that clients show it as one thread (RFC 5322, section 3.6.4).
    """
    to = page.to or email.to
    if to is None:
        raise ValueError("no address: neither the page nor the channel has one")
    if ENCODED in to or not re.fullmatch(MAILBOX, to):
        raise ValueError("no mail address")
    message = EmailMessage()
    message["Subject"] = " ".join(page.headline.replace(ENCODED, "= ?").split())
    message["From"], message["To"] = email.sender, to
    message["Date"] = format_datetime(now)
    own = hashlib.sha256(f"{to} {page.title} {page.text}".encode()).hexdigest()[:16]
    message["Message-ID"] = f"<{page.incident or 0}.{page.sequence}.{own}@{email.domain}>"
    if page.incident is not None:
        message["In-Reply-To"] = message["References"] = f"<incident-{page.incident}@{email.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice comes back
    message.set_content("\n\n".join(part for part in (page.text or page.title, page.url) if part) + "\n")
    return message


def _session(email: Email, say: Callable[[smtplib.SMTP], object]) -> None:
    """One connection, from greeting to QUIT. Raises OSError, ValueError or SMTPException."""
    port, seconds = email.port or PORTS[email.security], email.timeout_seconds
    if email.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(email.host, port, email.domain, timeout=seconds, context=_trust(email))
    else:
        smtp = smtplib.SMTP(email.host, port, email.domain, timeout=seconds)
    try:
        if email.security == "starttls":
            smtp.starttls(context=_trust(email))
        if email.user is not None and email.password is not None:
            smtp.login(email.user, email.password.get_secret_value())
        say(smtp)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.putcmd("QUIT")  # what it answers changes nothing: a mail that was taken is taken
        smtp.close()


def _trust(email: Email) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=email.ca_file)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"SMTP {code}: {' '.join(text.split())}"[:LONGEST_REASON]
