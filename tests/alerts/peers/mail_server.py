"""A mail server on loopback, aiosmtpd's own, that answers by a script."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

LOGIN = LoginPassword(b"pantau", b"very-secret")


@dataclass(slots=True)
class MailServer:
    """Keeps every mail it took. `script` are its answers to DATA, one a mail; "hang" never answers."""

    port: int = 0
    script: list[str] = field(default_factory=list)
    refused: frozenset[str] = frozenset()
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    logins: list[object] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.script.pop(0) if self.script else "250 OK"
        if answer == "hang":
            await asyncio.Event().wait()
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append(message_from_bytes(content, policy=policy.default))
            self.recipients.append(list(envelope.rcpt_tos))
            self.over_tls.append(session.ssl is not None)
        return answer

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, login: Any) -> AuthResult:  # noqa: ANN401  aiosmtpd's own
        self.logins.append(login)
        return AuthResult(success=login == LOGIN, handled=False)


@asynccontextmanager
async def mail_server(tls: ssl.SSLContext | None, *, with_login: bool = False) -> AsyncIterator[MailServer]:
    """STARTTLS is offered and demanded where there is a `tls`, and a login where one is wanted."""
    loop = asyncio.get_running_loop()
    peer = MailServer()
    protocols: list[SMTP] = []

    def begin() -> SMTP:
        protocols.append(
            SMTP(
                peer,
                loop=loop,
                hostname="mail.test",
                tls_context=tls,
                require_starttls=tls is not None,
                authenticator=peer.authenticate if with_login else None,
                auth_required=with_login,
            )
        )
        return protocols[-1]

    server = await loop.create_server(begin, "127.0.0.1", 0)
    async with server:
        peer.port = server.sockets[0].getsockname()[1]
        yield peer
        for protocol in protocols:
            if protocol.transport is not None:
                protocol.transport.abort()
        await asyncio.sleep(0.05)
