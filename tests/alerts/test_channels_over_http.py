"""ntfy, SMS gateways and Apprise against a real HTTP server."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from alerts.notify.channels.apprise import Apprise
from alerts.notify.channels.kinds import Channel
from alerts.notify.channels.ntfy import Ntfy
from alerts.notify.channels.sender import Answer
from alerts.notify.channels.settings import LONGEST_TIMEOUT_SECONDS
from alerts.notify.channels.sms_http import SmsHttp
from alerts.notify.page import Page, short
from deploy.log import to_stderr
from tests.alerts.city import NOON
from tests.alerts.peers.http_server import HttpServer, Request, Response, always, http_server
from tests.patience import PATIENCE_SECONDS

CUT = Page(
    to="+62812",
    incident=41,
    sequence=2,
    status="firing",
    severity="critical",
    title='PUTUS: "FP-087", Lengkiti',
    text="Sejak 12:00 WIB\nBawa: OTDR",
    code="41",
    url="http://pantau.test/i/41",
)
# Apprise reads all of its plugins, and one of them something old.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
# How long Apprise waits for a connection and for an answer.
UNHURRIED = f"cto={PATIENCE_SECONDS:.0f}&rto={PATIENCE_SECONDS:.0f}"
GONE = HttpServer(always(Response()), port=9)


def channel(server: HttpServer, kind: str, **keys: Any) -> Ntfy | SmsHttp | Apprise:  # noqa: ANN401  keys of city.toml
    given = {"name": "it", "kind": kind, "timeout_seconds": LONGEST_TIMEOUT_SECONDS}
    if kind != "apprise":
        given["url"] = server.url
    found = TypeAdapter(Channel).validate_python(given | keys)
    assert isinstance(found, Ntfy | SmsHttp | Apprise)
    return found


async def sent(
    kind: str,
    answer: Response,
    page: Page = CUT,
    **keys: Any,  # noqa: ANN401  keys of city.toml
) -> tuple[Answer, list[Request]]:
    async with http_server(always(answer)) as server:
        if "url" in keys:
            keys["url"] = keys["url"].replace("HOST", server.url)
        async with channel(server, kind, **keys).opened() as sender:
            return await sender.send(page, NOON), server.requests


async def test_ntfy_is_told_topic_urgency_and_where_to_look() -> None:
    answer, (request,) = await sent("ntfy", Response(), replace(CUT, to=None), topic="oku-noc", token="very-secret")
    assert answer == Answer()
    assert request.headers["authorization"] == "Bearer very-secret"
    assert request.json == {
        "topic": "oku-noc",
        "title": '#41.2 PUTUS: "FP-087", Lengkiti',
        "message": "Sejak 12:00 WIB\nBawa: OTDR",
        "priority": 5,
        "tags": ["rotating_light", "critical"],
        "click": "http://pantau.test/i/41",
        "actions": [{"action": "view", "label": "Buka", "url": "http://pantau.test/i/41"}],
    }


@pytest.mark.parametrize("text", ["x" * 10_000, "🌊" * 5_000, "\x01" * 9_000, '"' * 9_000])
async def test_ntfy_is_never_given_more_than_it_shows(text: str) -> None:
    for page in (replace(CUT, text=text), replace(CUT, title=text, text="")):
        _, (request,) = await sent("ntfy", Response(), page)
        assert len(request.body) <= 4096
        assert len(request.body) > 3000
        assert request.json["title"].startswith("#41.2 ")


async def test_ntfys_patience_is_passed_on_and_its_refusal_told() -> None:
    answer, _ = await sent("ntfy", Response(429, headers={"Retry-After": "7"}))
    assert (answer.refused, answer.asked and answer.asked.seconds) == ("HTTP 429", 7)
    async with channel(GONE, "ntfy").opened() as sender:
        assert (await sender.check() or "").startswith("ConnectError")


async def test_a_gateway_is_asked_as_its_template_says_with_what_needs_quoting_quoted() -> None:
    answer, (request,) = await sent("sms_http", Response(202))
    assert answer == Answer()
    assert request.json == {"to": "+62812", "text": short(CUT)}
    answer, (request,) = await sent(
        "sms_http",
        Response(),
        method="GET",
        url="HOST/send?key={{ secret }}&to={{ to | urlencode }}&text={{ text | urlencode }}",
        headers={"X-Key": "{{ secret }}"},
        secret="very-secret",
    )
    assert answer == Answer()
    assert request.target.startswith("/send?key=very-secret&to=%2B62812&text=%2341.2%20PUTUS%3A%20%22FP-087%22")
    assert (request.headers["x-key"], request.body) == ("very-secret", b"")


@pytest.mark.parametrize(
    ("keys", "taken"),
    [
        ({}, True),
        ({"taken": "^OK"}, False),
        ({"taken": "queued"}, True),
        ({"taken": "^(queued|sent)$", "taken_at": "messages.0.status"}, True),
        ({"taken": "^(queued|sent)$", "taken_at": "messages.1.status"}, False),
        ({"taken": "^true$", "taken_at": "ok"}, True),
    ],
)
async def test_what_counts_as_taken_is_the_settings_to_say(keys: dict[str, str], taken: bool) -> None:  # noqa: FBT001
    body = Response.of({"ok": True, "messages": [{"status": "queued"}]})
    answer, _ = await sent("sms_http", body, **keys)
    assert (answer.refused is None) is taken


async def test_a_gateway_that_repeats_our_secret_does_not_get_it_into_the_record() -> None:
    answer, _ = await sent("sms_http", Response(200, b"bad key very-secret"), taken="^OK", secret="very-secret")
    assert answer.refused == "HTTP 200, not taken: bad key …"


async def test_a_secret_that_no_header_may_hold_does_not_get_into_the_record() -> None:
    answer, requests = await sent("ntfy", Response(), token="very-secret\n")
    assert answer.refused == "LocalProtocolError: a header that cannot be sent"
    assert not requests


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": "{{ nobody }}"},
        {"body": "{{ to.__class__.__mro__ }}"},
        {"body": "{% for %}"},
        {"url": "ftp://h"},
        {"url": "http://{{ to }}/"},
        {"taken": "("},
        {"headers": {"X": "{{ 1 / 0 }}"}},
        {"method": "GET", "url": "http://h/?to={{ to | urlencode }}&text={{ text }}"},
        {"method": "GET", "url": "http://h/?to={{ to | urlencode }}"},
        {"body": "to={{ to }}"},
        {"taken_at": "messages.0.status"},
    ],
)
def test_a_template_that_cannot_do_is_refused_when_it_is_read(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        channel(GONE, "sms_http", **wrong)


async def test_apprise_tells_whether_all_of_its_services_took_a_page() -> None:
    async with http_server(always(Response())) as good, http_server(always(Response(500))) as bad:
        urls = [f"json://127.0.0.1:{server.port}/{{to}}?{UNHURRIED}" for server in (good, bad)]
        async with channel(good, "apprise", urls=urls[0]).opened() as sender:
            assert await sender.send(CUT, NOON) == Answer()
        async with channel(good, "apprise", urls="\n".join(urls)).opened() as sender:
            assert await sender.send(CUT, NOON) == Answer(refused="apprise: not delivered")
    assert [request.target for request in (*good.requests, *bad.requests)] == ["/+62812"] * 3
    assert good.requests[0].json["title"] == '#41.2 PUTUS: "FP-087", Lengkiti'


async def test_apprise_is_not_waited_for_without_end() -> None:
    async def never(_request: Request) -> Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with http_server(never) as server:
        urls = f"json://127.0.0.1:{server.port}/?{UNHURRIED}"
        async with channel(server, "apprise", urls=urls, timeout_seconds=0.3).opened() as sender:
            assert await sender.send(CUT, NOON) == Answer(refused="TimeoutError")


async def test_a_url_that_apprise_does_not_know_is_told_by_its_place_alone(caplog: pytest.LogCaptureFixture) -> None:
    to_stderr()
    async with channel(GONE, "apprise", urls="json://h tgram://very-secret").opened() as sender:
        assert await sender.check() == "apprise: URL 2 of 2 is of no service that it knows"
    assert "very-secret" not in caplog.text


def test_secrets_of_all_of_these_may_stand_in_files(tmp_path: Path) -> None:
    (tmp_path / "urls").write_text("json://h\nxml://very-secret@h\n")
    given = {"name": "wa", "kind": "apprise", "urls_file": "urls"}
    found = TypeAdapter(Channel).validate_python(given, context={"folder": tmp_path})
    assert "very-secret" not in repr(found)
    assert isinstance(found, Apprise)
    assert found.urls.get_secret_value().split() == ["json://h", "xml://very-secret@h"]
