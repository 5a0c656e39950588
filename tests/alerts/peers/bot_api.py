"""Telegram's Bot API as far as a bot that pages meets it: limits, lost and slow answers, confirmed updates, rivals."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.alerts.peers.http_server import HttpServer, Request, Response, http_server
from tests.patience import PATIENCE_SECONDS

TOKEN = "123456:very-secret_Token"

Fate = int | Literal["lost", "slow", "proxy"]


@dataclass(slots=True)
class BotApi:
    """`script` is what comes of sendMessage, one entry a call: a number of seconds to wait (429), "lost" is done but
    not answered, "slow" is never answered, "proxy" is somebody else's error page. `conflicts` counts who was sent
    away because another asked for updates too.
    """

    script: list[Fate] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    toasts: list[dict[str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    server: HttpServer | None = None
    polls: int = 0
    conflicts: int = 0
    _number: int = 1_000
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        assert self.server is not None
        return self.server.url

    async def happens(self, **update: Any) -> int:  # noqa: ANN401  JSON
        """Something for the bot to hear."""
        async with self._news:
            self._number += 1
            self.updates.append({"update_id": self._number, **update})
            self._news.notify_all()
        return self._number

    async def presses(self, data: str, *, person: int = 77) -> int:
        query = {"id": f"q{self._number}", "from": {"id": person}, "data": data}
        return await self.happens(callback_query=query)

    async def types(self, text: str, *, person: int = 77, at: int = 1_772_427_000, **more: Any) -> int:  # noqa: ANN401  JSON
        chat = {"id": person, "type": "private"}
        typed = {"message_id": 5, "date": at, "text": text, "from": {"id": person}, "chat": chat, **more}
        return await self.happens(message=typed)

    async def heard(self) -> None:
        """Return once every update is confirmed."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._news:
            await self._news.wait_for(lambda: not self.updates)

    async def polled(self, times: int) -> None:
        """Return once updates have been asked for so often."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._news:
            await self._news.wait_for(lambda: self.polls >= times)

    async def handle(self, request: Request) -> Response:
        _, bot, method = request.target.split("/")
        if bot != f"bot{TOKEN}":
            return _refusal(401, "Unauthorized")
        match method:
            case "sendMessage":
                return await self._send(request.json)
            case "getUpdates":
                return await self._get_updates(request.json)
            case "answerCallbackQuery":
                self.toasts.append(request.json)
                return _said(result=True)
            case "getMe":
                return _said({"id": 123456, "is_bot": True})
        return _refusal(404, "Not Found")

    async def _send(self, body: dict[str, Any]) -> Response:
        fate = self.script.pop(0) if self.script else None
        if isinstance(fate, int):
            return _refusal(429, f"Too Many Requests: retry after {fate}", retry_after=fate)
        if fate == "proxy":
            return Response(502, b"<html>Bad Gateway")
        if len(body["text"].encode("utf-16-le")) > 2 * 4096:
            return _refusal(400, "Bad Request: message is too long")
        self.sent.append(body)
        if fate == "slow":
            await asyncio.Event().wait()
        answer = _said({"message_id": len(self.sent)})
        return Response(lost=True) if fate == "lost" else answer

    async def _get_updates(self, asked: dict[str, Any]) -> Response:
        async with self._news:
            self.polls += 1
            this = self.polls
            self.updates = [update for update in self.updates if update["update_id"] >= asked["offset"]]
            self._news.notify_all()
            try:
                async with asyncio.timeout(asked["timeout"]):
                    await self._news.wait_for(lambda: self.updates or self.polls != this)
            except TimeoutError:
                return _said([])
        if self.polls != this:
            self.conflicts += 1
            return _refusal(409, "Conflict: terminated by other getUpdates request")
        return _said(self.updates)


@asynccontextmanager
async def bot_api() -> AsyncIterator[BotApi]:
    peer = BotApi()
    async with http_server(peer.handle) as peer.server:
        yield peer


def _said(result: Any) -> Response:  # noqa: ANN401  JSON
    return Response.of({"ok": True, "result": result})


def _refusal(code: int, description: str, **parameters: int) -> Response:
    return Response.of(
        {"ok": False, "error_code": code, "description": description, "parameters": parameters}, status=code
    )
