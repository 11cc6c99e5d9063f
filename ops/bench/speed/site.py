"""A web server of feeds on a loopback port, in a thread of its own, whose documents can be changed while it serves."""

import asyncio
import threading
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from email.utils import format_datetime
from types import TracebackType
from xml.sax.saxutils import escape

from aiohttp import web

from streams.records import Article

HOSTS = 100


class Site:
    """A context manager; `documents` maps a path to a feed's bytes and its ETag. Conditional requests are answered."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[bytes, str]] = {}
        self.origin = ""
        self.requests = 0
        self.taken: Counter[str] = Counter()  # How often each document was handed out whole, and when last.
        self.last: dict[str, float] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Site":
        self._thread.start()
        self.origin = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(30)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> str:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port = self._runner.addresses[0][1]
        # Each of these is a host of its own to whoever visits, and visits to one host wait for each other.
        for number in range(2, HOSTS + 1):
            await web.TCPSite(self._runner, f"127.0.0.{number}", port).start()
        self._port = port
        return f"http://127.0.0.1:{port}"

    async def _answer(self, request: web.Request) -> web.Response:
        self.requests += 1
        body, tag = self.documents.get(request.path, (b"", ""))
        if not body:
            raise web.HTTPNotFound
        if request.headers.get("If-None-Match") == f'"{tag}"':
            return web.Response(status=304, headers={"ETag": f'"{tag}"'})
        self.taken[request.path] += 1
        self.last[request.path] = time.perf_counter()
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": f'"{tag}"'})

    def serve(self, path: str, title: str, articles: Sequence[Article]) -> None:
        body = write_feed(title, articles)
        self.documents[path] = (body, f"{zlib.crc32(body):08x}")

    def write_opml(self, feeds: Sequence[tuple[str, str]]) -> str:
        """Return an OPML document of (title, path)."""
        lines = "".join(
            f'<outline type="rss" text="{name}" xmlUrl="http://127.0.0.{1 + number % HOSTS}:{self._port}{path}"/>'
            for number, (name, path) in enumerate(feeds)
        )
        return f'<opml version="2.0"><head/><body>{lines}</body></opml>'


def write_feed(title: str, articles: Sequence[Article]) -> bytes:
    """Return an RSS document that carries each article's full text."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><guid isPermaLink='false'>{one.id}</guid>"
        f"<link>https://bench.example/{one.id}</link><pubDate>{format_datetime(one.published)}</pubDate>"
        f"<description>{escape(escape(one.text))}</description></item>"
        for one in articles
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()
