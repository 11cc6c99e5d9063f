"""A site on loopback and a visitor to it, with a clock that a test moves, real documents and a real disk."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import REGISTRY

from services.ingest.courtesy import Courtesy
from services.ingest.digest import PRELOAD
from services.ingest.feed import Bounds, Feed
from services.ingest.fetch import Fetcher
from services.ingest.opml import Source
from services.ingest.pages import Pages
from services.ingest.robots import Robots
from services.ingest.sandbox import Sandbox
from services.ingest.store import Store
from services.ingest.underway import Underway
from services.ingest.visit import Chances, Visitor
from services.ingest.writing import Writer
from services.settings import read_settings
from streams.records import Article
from streams.topics import decode_article
from tests.services.ingest.server import Site, site

NOW = datetime(2026, 2, 16, 12, 0, tzinfo=UTC)


class Hand:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    async def refresh(self) -> None:
        return


class Scene:
    """A site and a visitor to it; `visit` goes to one of its feeds and remembers what came of it."""

    def __init__(self, place: Site, directory: Path, fetcher: Fetcher, sandbox: Sandbox, fulltext: bool) -> None:
        self.place = place
        self.clock = Hand()
        self.store = Store(directory)
        self.feeds: dict[str, Feed] = {}
        self.disk = ThreadPoolExecutor(1)
        self.courtesy = Courtesy(2, 0.0)
        pages = Pages(fetcher, Robots(fetcher, sandbox, "Parley"), self.courtesy, 1_000_000) if fulltext else None
        self.visitor = Visitor(
            fetcher,
            sandbox,
            Writer(sandbox, pages),
            self.store,
            self.disk,
            self.courtesy,
            self.clock,
            Underway(self.clock.now),
            Bounds(300.0, 86400.0),
            Chances(time.time, lambda: 0.0),
        )

    async def visit(self, path: str = "/feed", outlet: str = "Herald") -> Feed:
        source = Source(f"{self.place.url}{path}", outlet)
        before = self.feeds.get(path, Feed())
        assert self.courtesy.claim("127.0.0.1", time.monotonic()) == 0
        self.feeds[path], added = await self.visitor.visit(source, before)
        assert added <= self.store.outbox.count()
        assert self.store.feeds()[source.key] == self.feeds[path]
        return self.feeds[path]

    def sent(self) -> list[Article]:
        return [decode_article(waiting.value) for waiting in self.store.outbox.take(1000)]

    def close(self) -> None:
        self.disk.shutdown()
        self.store.close()


def visiting(test: Callable[[Scene], Awaitable[None]], directory: Path, fulltext: bool = True) -> None:
    settings = read_settings(allow_private=True, fetch_timeout=5.0)

    async def run() -> None:
        sandbox = Sandbox(1, 20.0, 512 << 20, PRELOAD)
        try:
            async with site() as place, Fetcher(settings, lambda: NOW) as fetcher:
                scene = Scene(place, directory, fetcher, sandbox, fulltext)
                try:
                    await test(scene)
                finally:
                    scene.close()
        finally:
            sandbox.close()

    asyncio.run(run())


def count(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0
