"""A signed webhook: who has the secret can tell our word from anybody else's, and from our own of an hour ago."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.notify.channels.sender import Answer
from alerts.notify.channels.settings import LONGEST_TIMEOUT_SECONDS
from alerts.notify.channels.webhook import Webhook
from alerts.notify.page import Page
from tests.alerts.city import NOON
from tests.alerts.peers.http_server import HttpServer, Request, Response, always, http_server

SECRET = "sixteen-letters-or-more"
PAGE = Page(
    sequence=1,
    status="firing",
    severity="critical",
    title="putus",
    webhook={"version": "4", "judul": "Lengkiti – 1"},  # noqa: RUF001
)


def webhook(server: HttpServer, **changes: Any) -> Webhook:  # noqa: ANN401  keys of city.toml
    given = {"name": "ops", "kind": "webhook", "url": server.url, "timeout_seconds": LONGEST_TIMEOUT_SECONDS}
    return Webhook.model_validate(given | changes)


def believed(signature: str, body: bytes, secret: str, now: datetime) -> bool:
    """What the documentation tells a receiver to do."""
    at, given = signature.removeprefix("t=").split(",v1=")
    wanted = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, given) and abs(now.timestamp() - int(at)) <= 300


async def received(**changes: Any) -> Request:  # noqa: ANN401  keys of city.toml
    async with http_server(always(Response())) as server, webhook(server, **changes).opened() as sender:
        assert await sender.send(PAGE, NOON) == Answer()
    (request,) = server.requests
    return request


async def test_a_receiver_with_the_secret_believes_what_was_sent_just_now() -> None:
    request = await received(secret=SECRET)
    assert request.json == PAGE.webhook
    signature = request.headers["x-pantau-signature"]
    assert believed(signature, request.body, SECRET, NOON + timedelta(seconds=5))


async def test_a_changed_body_another_secret_or_an_old_time_is_not_believed() -> None:
    request = await received(secret=SECRET)
    signature, body = request.headers["x-pantau-signature"], request.body
    assert not believed(signature, body + b" ", SECRET, NOON)
    assert not believed(signature, body, "another-secret-of-them", NOON)
    assert not believed(signature, body, SECRET, NOON + timedelta(minutes=6))
    moved = signature.replace(f"t={int(NOON.timestamp())}", f"t={int(NOON.timestamp()) + 360}")
    assert not believed(moved, body, SECRET, NOON + timedelta(minutes=6))


async def test_without_a_secret_nothing_is_signed() -> None:
    assert "x-pantau-signature" not in (await received()).headers


async def test_a_check_is_content_with_any_answer_and_sends_no_body() -> None:
    async with http_server(always(Response(405))) as server, webhook(server).opened() as sender:
        assert await sender.check() is None
    assert [(request.method, request.body) for request in server.requests] == [("HEAD", b"")]
    async with webhook(HttpServer(always(Response()), port=9)).opened() as sender:
        assert await sender.check() == "ConnectError: All connection attempts failed"


async def test_an_answer_without_an_end_is_not_read_to_it() -> None:
    endless = Response(200, b"x" * 5_000_000)
    async with http_server(always(endless)) as server, webhook(server).opened() as sender:
        assert await sender.send(PAGE, NOON) == Answer()


def test_a_short_secret_is_refused_and_not_shown() -> None:
    with pytest.raises(ValidationError) as refused:
        webhook(HttpServer(always(Response()), port=9), secret="very-secret")
    assert "very-secret" not in str(refused.value)
