"""A real HTTP server on loopback that speaks the part of Slack's Web API that is used here, as it is documented.

It keeps channels, messages and threads, checks what it is given as Slack says that it does, and answers `ok: false`
with the documented errors. It proves that we keep to the documentation; not that Slack does.
"""

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "xoxb-1234567890-SECRETTOKEN"
CHANNEL = "C0123456789"


@dataclass
class Message:
    """One message as it reads now; `thread` is the root's `ts` where it is a reply."""

    ts: str
    text: str
    blocks: list[dict[str, Any]]
    thread: str | None = None
    broadcast: bool = False
    edits: int = 0


@dataclass
class SlackServer:
    """An async context manager. `errors` are answered first, one each; `rate_limit` answers 429 so many times."""

    channel: list[Message] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    rate_limit: int = 0
    port: int = 0
    _runner: web.AppRunner | None = None
    _number: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def roots(self) -> list[Message]:
        return [message for message in self.channel if message.thread is None]

    def replies(self, root: Message) -> list[Message]:
        return [message for message in self.channel if message.thread == root.ts]

    async def __aenter__(self) -> "SlackServer":
        app = web.Application()
        app.router.add_post("/api/{method}", self._call)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        if self.rate_limit:
            self.rate_limit -= 1
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "3"})
        body = json.loads(await request.read())
        error = self.errors.pop(0) if self.errors else self._fault(request, method, body)
        if error:
            return web.json_response({"ok": False, "error": error})
        message = self._post(body) if method == "chat.postMessage" else self._update(body)
        echo = {"type": "message", "text": message.text, "blocks": message.blocks, "ts": message.ts}
        return web.json_response({"ok": True, "channel": body["channel"], "ts": message.ts, "message": echo})

    def _fault(self, request: web.Request, method: str, body: dict[str, Any]) -> str:
        checks = (
            (method not in {"chat.postMessage", "chat.update"}, "unknown_method"),
            (request.content_type != "application/json" or request.charset != "utf-8", "invalid_json"),
            (request.headers.get("Authorization") != f"Bearer {TOKEN}", "invalid_auth"),
            (body.get("channel") != CHANNEL, "channel_not_found"),
            (not body.get("text") and not body.get("blocks"), "no_text"),
            (len(body.get("blocks", [])) > 50, "invalid_blocks"),
            (method == "chat.update" and self._find(body.get("ts", "")) is None, "message_not_found"),
            ("thread_ts" in body and self._find(body["thread_ts"]) is None, "thread_not_found"),
        )
        return next((error for wrong, error in checks if wrong), "")

    def _find(self, ts: str) -> Message | None:
        return next((message for message in self.channel if message.ts == ts), None)

    def _post(self, body: dict[str, Any]) -> Message:
        ts = f"1700000000.{next(self._number):06}"
        message = Message(ts, body["text"], body["blocks"], body.get("thread_ts"), body.get("reply_broadcast", False))
        self.channel.append(message)
        return message

    def _update(self, body: dict[str, Any]) -> Message:
        message = self._find(body["ts"])
        assert message is not None
        message.text, message.blocks, message.edits = body["text"], body["blocks"], message.edits + 1
        return message
