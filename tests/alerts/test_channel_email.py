"""Mail to a real SMTP server: over TLS or not at all, one thread an incident, and every refusal in its own words."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.notify.channels.mail import Email, compose
from alerts.notify.channels.sender import Answer
from alerts.notify.channels.settings import LONGEST_TIMEOUT_SECONDS
from alerts.notify.page import Page
from tests.alerts.city import NOON
from tests.alerts.peers.certificate import Certificate, make_certificate
from tests.alerts.peers.mail_server import LOGIN, MailServer, mail_server
from tests.patience import PATIENCE_SECONDS

CUT = Page(
    to="teknisi@oku.test",
    incident=41,
    sequence=2,
    status="firing",
    severity="critical",
    title="#41.2 PUTUS: Kabel FO putus antara FP-087 dan FP-088 – Lengkiti",  # noqa: RUF001
    text="Sejak 12:00 WIB\nBawa: OTDR",
    url="http://pantau.test/api/v1/incidents/41",
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def server(certificate: Certificate) -> AsyncIterator[MailServer]:
    async with mail_server(certificate.server_context()) as server:
        yield server


def email(server: MailServer, **changes: Any) -> Email:  # noqa: ANN401  keys of city.toml
    return Email.model_validate(
        {
            "name": "mail",
            "kind": "email",
            "host": "127.0.0.1",
            "port": server.port,
            "sender": "pantau@oku.test",
            "timeout_seconds": LONGEST_TIMEOUT_SECONDS,
            **changes,
        }
    )


async def sent(channel: Email, page: Page = CUT) -> Answer:
    async with channel.opened() as sender:
        return await sender.send(page, NOON)


async def test_a_page_is_one_mail_over_tls_that_no_holiday_notice_answers(
    server: MailServer, certificate: Certificate
) -> None:
    assert await sent(email(server, ca_file=str(certificate.file))) == Answer()
    (mail,) = server.mails
    assert server.over_tls == [True]
    assert server.recipients == [["teknisi@oku.test"]]
    assert mail["Subject"] == CUT.title
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Mon, 02 Mar 2026 05:00:00 +0000"
    assert mail.get_content().splitlines() == ["Sejak 12:00 WIB", "Bawa: OTDR", "", CUT.url]


async def test_all_mails_about_an_incident_are_one_thread_and_a_page_sent_twice_is_one_mail(
    server: MailServer, certificate: Certificate
) -> None:
    channel = email(server, ca_file=str(certificate.file))
    for page in (CUT, CUT, replace(CUT, sequence=3, title="#41.3 PULIH"), replace(CUT, incident=42)):
        assert await sent(channel, page) == Answer()
    once, again, later, other = server.mails
    assert once["Message-ID"] == again["Message-ID"]
    assert len({mail["Message-ID"] for mail in server.mails}) == 3
    assert once["References"] == later["References"] == later["In-Reply-To"] == "<incident-41@oku.test>"
    assert other["References"] == "<incident-42@oku.test>"


async def test_a_digest_belongs_to_no_thread(server: MailServer, certificate: Certificate) -> None:
    await sent(email(server, ca_file=str(certificate.file)), replace(CUT, incident=None, status="digest"))
    assert server.mails[0]["References"] is None


@pytest.mark.parametrize("answer", ["451 4.3.0 try again later", "554 5.7.1 no"])
async def test_a_mail_that_is_not_taken_is_refused_in_the_servers_words(
    server: MailServer, certificate: Certificate, answer: str
) -> None:
    server.script = [answer]
    assert await sent(email(server, ca_file=str(certificate.file))) == Answer(
        refused=f"SMTP {answer[:3]}: {answer[4:]}"
    )
    assert not server.mails


async def test_an_address_that_there_is_not_is_refused(server: MailServer, certificate: Certificate) -> None:
    server.refused = frozenset({"teknisi@oku.test"})
    answer = await sent(email(server, ca_file=str(certificate.file)))
    assert answer.refused == "SMTP 550: 5.1.1 no such user"


async def test_a_server_that_hangs_is_given_up_in_time(server: MailServer, certificate: Certificate) -> None:
    server.script = ["hang"]
    async with asyncio.timeout(PATIENCE_SECONDS):
        answer = await sent(email(server, ca_file=str(certificate.file), timeout_seconds=0.5))
    assert answer.refused is not None


async def test_a_certificate_that_nobody_vouches_for_gets_no_mail(server: MailServer) -> None:
    answer = await sent(email(server))
    assert answer.refused is not None
    assert "CERTIFICATE_VERIFY_FAILED" in answer.refused
    assert not server.mails


async def test_without_starttls_nothing_is_sent_unless_the_settings_say_so() -> None:
    async with mail_server(None) as server:
        assert (await sent(email(server))).refused is not None
        assert not server.mails
        assert await sent(email(server, security="none")) == Answer()
        assert server.over_tls == [False]


async def test_a_login_is_given_over_tls_and_a_wrong_one_is_told_without_it(certificate: Certificate) -> None:
    async with mail_server(certificate.server_context(), with_login=True) as server:
        login = {"ca_file": str(certificate.file), "user": "pantau"}
        assert await sent(email(server, **login, password="very-secret")) == Answer()
        assert server.logins == [LOGIN]
        answer = await sent(email(server, **login, password="wrong-secret"))
        assert answer.refused is not None
        assert answer.refused.startswith("SMTP 535")
        assert "wrong-secret" not in answer.refused


async def test_a_check_goes_as_far_as_the_login_and_sends_nothing(server: MailServer, certificate: Certificate) -> None:
    async with email(server, ca_file=str(certificate.file)).opened() as sender:
        assert await sender.check() is None
    async with email(server, port=9).opened() as sender:
        assert await sender.check() == "ConnectionRefusedError: [Errno 111] Connection refused"
    assert not server.mails


async def test_nobody_to_send_to_is_an_answer_not_a_crash(server: MailServer) -> None:
    answer = await sent(email(server), replace(CUT, to=None))
    assert answer.refused == "ValueError: no address: neither the page nor the channel has one"
    assert (await sent(email(server), replace(CUT, to="a\nBcc: b@c"))).refused is not None


def test_a_password_never_goes_without_tls() -> None:
    with pytest.raises(ValidationError, match="without TLS"):
        email(MailServer(port=25), security="none", user="u", password="very-secret")


def test_a_password_may_stand_in_a_file_beside_the_citys(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("very-secret\n")
    given = {"name": "m", "kind": "email", "host": "h", "sender": "a@b", "user": "u", "password_file": "password"}
    channel = Email.model_validate(given, context={"folder": tmp_path})
    assert channel.password is not None
    assert channel.password.get_secret_value() == "very-secret"
    assert "very-secret" not in repr(channel)
    for wrong in ({"password_file": "missing"}, {"password_file": 3}, {"password": "very-secret"}):
        with pytest.raises(ValidationError, match="password") as refused:
            Email.model_validate(given | wrong, context={"folder": tmp_path})
        assert "very-secret" not in str(refused.value)


async def test_a_server_that_hangs_holds_up_no_other_channel() -> None:
    """Names are looked up in the threads that all share, so a channel that waits in threads has some of its own."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        silent.setblocking(False)
        channel = email(MailServer(port=silent.getsockname()[1]), security="none")
        async with channel.opened() as sender:
            waiting = [asyncio.create_task(sender.send(CUT, NOON)) for _ in range(40)]
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(PATIENCE_SECONDS):
                first, _ = await loop.sock_accept(silent)  # by then all of them wait for a thread, or have one
                await loop.getaddrinfo("localhost", 80)
            assert not any(task.done() for task in waiting)
            first.close()
            silent.close()
            assert None not in {(await task).refused for task in waiting}


def test_no_name_of_anything_begins_another_header() -> None:
    channel = email(MailServer(port=9))
    for title in ("=?utf-8?q?=0aBcc:x?=", "a\r\nBcc: x", "a =?utf-8?b?CkJjYzogeA==?= b"):
        written = compose(channel, replace(CUT, title=title), NOON).as_bytes()
        assert b"\nBcc" not in written
    assert (
        compose(channel, replace(CUT, title="=?utf-8?q?=0aBcc:x?="), NOON)["Subject"] == "#41.2 = ?utf-8?q?=0aBcc:x?="
    )


@pytest.mark.parametrize("to", ["a@b.c\r\nBcc: x@y", "=?utf-8?q?a=0aX?=@b", "a@b,c@d", "@", "a@", "a@[", "(", "a b@c"])
async def test_what_is_no_address_is_refused_and_sent_nowhere(to: str) -> None:
    refused = (await sent(email(MailServer(port=9)), replace(CUT, to=to))).refused or "taken"
    assert not refused.startswith(("taken", "Connection"))
