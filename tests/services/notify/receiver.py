"""A real HTTP receiver on loopback that answers as told and keeps what it was sent."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import web


class Received(NamedTuple):
    """One request, as it came in."""

    at: float
    headers: dict[str, str]
    raw: bytes
    request: web.Request

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


Answer = Callable[[Received], Awaitable[web.StreamResponse]]


def answers(*responses: tuple[int, dict[str, str], str] | int) -> Answer:
    """Answer with these, one each, and then with 200."""
    left = list(responses)

    async def answer(received: Received) -> web.StreamResponse:
        status, headers, text = (200, {}, "ok") if not left else _whole(left.pop(0))
        return web.Response(status=status, headers=headers, text=text)

    return answer


async def hang(_: Received) -> web.StreamResponse:
    """Never answer."""
    await asyncio.sleep(60)
    return web.Response()


def _whole(response: tuple[int, dict[str, str], str] | int) -> tuple[int, dict[str, str], str]:
    return (response, {}, "") if isinstance(response, int) else response


@dataclass
class Receiver:
    """An async context manager; `answer` may be changed while it runs, and `go_down` closes its port."""

    answer: Answer = field(default_factory=answers)
    seen: list[Received] = field(default_factory=list)
    port: int = 0
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/T0/SECRETPATH"

    @property
    def ids(self) -> list[str]:
        return [received.id for received in self.seen]

    async def __aenter__(self) -> "Receiver":
        await self.come_up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go_down()

    async def come_up(self) -> None:
        app = web.Application()
        app.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def go_down(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def has(self, count: int, within: float = 120.0) -> None:
        """Wait until that many requests came in."""
        await until(lambda: len(self.seen) >= count, within)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        received = Received(time.time(), headers, await request.read(), request)
        self.seen.append(received)
        return await self.answer(received)


async def until(true: Callable[[], bool], within: float = 120.0) -> None:
    """Wait until `true()`; fails the test when it takes longer."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)
