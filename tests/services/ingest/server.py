"""A real web server on loopback whose pages a test writes; it keeps what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from multidict import CIMultiDict

Page = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """`pages` maps a path to a function; `asked` are the paths in order, `headers` those of the last request."""

    def __init__(self) -> None:
        self.url = ""
        self.pages: dict[str, Page] = {}
        self.asked: list[str] = []
        self.headers: CIMultiDict[str] = CIMultiDict()

    def serve(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> None:
        """Answer `path` always with the same; underscores in header names stand for hyphens."""
        content = body.encode() if isinstance(body, str) else body
        fields = {name.replace("_", "-"): value for name, value in headers.items()}

        async def page(_: web.Request) -> web.Response:
            return web.Response(status=status, body=content, headers=fields)

        self.pages[path] = page

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        self.headers = CIMultiDict(request.headers)
        page = self.pages.get(request.path)
        return await page(request) if page else web.Response(status=404)


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    """Serve a new site until the block ends; requests that still run are cut off."""
    made = Site()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        place = web.TCPSite(runner, "127.0.0.1", 0)
        await place.start()
        host, port = runner.addresses[0][:2]
        made.url = f"http://{host}:{port}"
        yield made
    finally:
        await runner.cleanup()
        # Connections that were cut need a turn of the loop to close.
        await asyncio.sleep(0)
