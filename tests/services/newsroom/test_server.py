"""The newsroom as a reader meets it: over HTTP, with feedparser and the ingester's own page reader."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from io import BytesIO

import aiohttp
import feedparser
import listparser
import pytest
from aiohttp import web
from multidict import CIMultiDictProxy
from protego import Protego

from services.ingest.fulltext import extract_text
from services.newsroom.feeds import LATEST, Shown, write_feed
from services.newsroom.server import Newsroom, list_releases
from services.newsroom.timeline import Outlet, read_outlets, read_timeline
from services.newsroom.webpages import write_article

TIMELINE = read_timeline()
OUTLETS = read_outlets()


class Reader:
    """A client of a running newsroom whose real time a test sets."""

    def __init__(self, session: aiohttp.ClientSession, origin: str) -> None:
        self.session, self.origin, self.seconds = session, origin, 0.0

    async def get(self, path: str, **headers: str) -> tuple[int, bytes, CIMultiDictProxy[str]]:
        async with self.session.get(self.origin + path, headers=headers) as response:
            return response.status, await response.read(), response.headers

    async def clock(self) -> dict[str, object]:
        return dict(json.loads((await self.get("/clock"))[1]))

    async def run_to_the_end(self) -> int:
        """Read the clock and fetch every feed until the timeline is done; returns how often."""
        for turn in range(2_000):
            self.seconds += 1.0
            if (await self.clock())["done"]:
                return turn
            for outlet in OUTLETS:
                await self.get(f"/feeds/{outlet}.xml")
        raise AssertionError("the timeline has no end")


@asynccontextmanager
async def newsroom(count: int | None = None) -> AsyncIterator[Reader]:
    """Serve the first `count` articles on a free port, uncompressed answers unless asked otherwise."""
    reader: Reader | None = None
    room = Newsroom(TIMELINE[:count], 0.5, lambda: reader.seconds if reader else 0.0)
    runner = web.AppRunner(room.application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession(auto_decompress=False, headers={"Accept-Encoding": "identity"}) as session:
        reader = Reader(session, f"http://127.0.0.1:{runner.addresses[0][1]}")
        yield reader
    await runner.cleanup()


def with_newsroom(visit: Callable[[Reader], Awaitable[None]], count: int | None = None) -> None:
    async def run() -> None:
        async with newsroom(count) as reader:
            await visit(reader)

    asyncio.run(run())


def test_the_opml_lists_eight_feeds_that_answer() -> None:
    async def visit(reader: Reader) -> None:
        _, body, _ = await reader.get("/opml")
        listed = listparser.parse(body.decode())
        assert not listed.bozo
        assert [feed.title for feed in listed.feeds] == [outlet.name for outlet in OUTLETS.values()]
        for feed in listed.feeds:
            assert (await reader.get(feed.url.removeprefix(reader.origin)))[0] == 200

    with_newsroom(visit)


def test_a_feed_that_has_not_changed_answers_304() -> None:
    async def visit(reader: Reader) -> None:
        _, body, headers = await reader.get("/feeds/harbour-wire.xml")
        assert body
        for condition in ({"If-None-Match": headers["ETag"]}, {"If-Modified-Since": headers["Last-Modified"]}):
            status, nothing, again = await reader.get("/feeds/harbour-wire.xml", **condition)
            assert (status, nothing) == (304, b"")
            assert again["ETag"] == headers["ETag"]
        status, _, _ = await reader.get("/feeds/harbour-wire.xml", **{"If-None-Match": '"another"'})
        assert status == 200

    with_newsroom(visit)


def test_a_release_changes_its_feed_and_no_other() -> None:
    async def visit(reader: Reader) -> None:
        before = {outlet: (await reader.get(f"/feeds/{outlet}.xml"))[2] for outlet in OUTLETS}
        await reader.clock()
        for outlet in OUTLETS:
            await reader.get(f"/feeds/{outlet}.xml")
        reader.seconds += 1
        await reader.clock()
        released = TIMELINE[10]
        status = {
            outlet: (await reader.get(f"/feeds/{outlet}.xml", **{"If-None-Match": headers["ETag"]}))[0]
            for outlet, headers in before.items()
        }
        assert status == {outlet: 200 if outlet == released.outlet else 304 for outlet in OUTLETS}
        assert (await reader.get(f"/articles/{released.id}"))[0] == 200
        assert (await reader.get(f"/articles/{TIMELINE[11].id}"))[0] == 404

    assert TIMELINE[9].published < TIMELINE[0].published.replace(month=3, day=6) < TIMELINE[10].published
    with_newsroom(visit)


def test_feeds_are_compressed_for_those_who_can_read_it() -> None:
    async def visit(reader: Reader) -> None:
        _, plain, _ = await reader.get("/feeds/meridian-post.xml")
        _, body, headers = await reader.get("/feeds/meridian-post.xml", **{"Accept-Encoding": "gzip, deflate"})
        assert headers["Content-Encoding"] == "gzip"
        assert headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(body) == plain
        assert len(body) < len(plain) / 2

    with_newsroom(visit)


def test_the_clock_waits_for_its_reader_and_never_runs_back() -> None:
    async def visit(reader: Reader) -> None:
        reader.seconds = 500.0
        first = await reader.clock()
        assert first == {"now": "2022-03-05T21:41:00Z", "done": False}
        times = [str(first["now"])]
        for _ in range(40):
            for outlet in OUTLETS:
                await reader.get(f"/feeds/{outlet}.xml")
            reader.seconds += 0.3
            times.append(str((await reader.clock())["now"]))
        assert times == sorted(times)
        assert times[-1] > "2022-03-20"

    with_newsroom(visit)


def test_the_whole_timeline_passes_and_every_article_was_in_its_feed() -> None:
    async def visit(reader: Reader) -> None:
        turns = await reader.run_to_the_end()
        assert turns > len(list_releases(TIMELINE)) - 20
        clock = await reader.clock()
        assert datetime.fromisoformat(str(clock["now"])) > TIMELINE[-1].published
        for outlet in OUTLETS.values():
            feed = feedparser.parse(BytesIO((await reader.get(f"/feeds/{outlet.id}.xml"))[1]))
            newest = [article for article in reversed(TIMELINE) if article.outlet == outlet.id][:LATEST]
            assert [entry.title for entry in feed.entries] == [article.title for article in newest]

    with_newsroom(visit)


def test_an_edit_replaces_the_text_in_feed_and_page() -> None:
    edited = next(article for article in TIMELINE if article.edited is not None)
    assert edited.edited is not None
    position = TIMELINE.index(edited)

    async def visit(reader: Reader) -> None:
        await reader.run_to_the_end()
        _, feed, _ = await reader.get(f"/feeds/{edited.outlet}.xml")
        _, page, _ = await reader.get(f"/articles/{edited.id}")
        assert edited.edited is not None
        for document in (feed.decode(), page.decode()):
            assert edited.edited.title in document
            assert edited.title not in document
        entry = feedparser.parse(BytesIO(feed)).entries[0]
        assert entry.updated_parsed > entry.published_parsed

    with_newsroom(visit, position + 1)


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=lambda outlet: outlet.id)
def test_feedparser_reads_each_feed_without_complaint(outlet: Outlet) -> None:
    articles = [
        Shown(article.id, article.title, article.text, article.published, article.published)
        for article in TIMELINE
        if article.outlet == outlet.id
    ]
    body, media_type = write_feed(outlet, articles, "http://127.0.0.1:8400")
    feed = feedparser.parse(BytesIO(body), response_headers={"content-type": media_type})
    assert not feed.bozo
    assert feed.version == {"rss": "rss20", "atom": "atom10"}[outlet.format]
    assert feed.feed.title == outlet.name
    assert len(feed.entries) == LATEST
    by_title = {article.title: article for article in articles}
    for entry in feed.entries:
        article = by_title[entry.title]
        assert entry.id.endswith("/" + article.id)
        assert entry.link.split("?")[0] == f"http://127.0.0.1:8400/articles/{article.id}"
        assert ("utm_source" in entry.link) is outlet.tracking
        assert entry.published_parsed[:5] == article.published.utctimetuple()[:5]
        assert article.text.startswith(entry.summary.replace("&#x27;", "'"))
        assert ("content" in entry) is outlet.full
        if outlet.full:
            assert all(paragraph in entry.content[0].value for paragraph in article.text.split("\n\n"))


def test_a_feed_is_the_same_bytes_whenever_it_is_asked_for() -> None:
    async def visit(reader: Reader) -> None:
        await reader.clock()
        first = await reader.get("/feeds/lantern-live.xml")
        reader.seconds += 8.0
        assert (await reader.get("/feeds/lantern-live.xml"))[1] == first[1]

    with_newsroom(visit)


def test_every_page_gives_back_its_article_and_nothing_else() -> None:
    for article in TIMELINE:
        versions = [(article.title, article.text)]
        if article.edited is not None:
            versions.append((article.edited.title, article.edited.text))
        for title, text in versions:
            shown = Shown(article.id, title, text, article.published, article.published)
            page = write_article(OUTLETS[article.outlet], shown, article.seed, "http://127.0.0.1:8400")
            found = extract_text(page.encode(), f"http://127.0.0.1:8400/articles/{article.id}")
            assert found is not None, article.id
            assert found.split() == text.split(), article.id


def test_pages_name_their_canonical_address_and_robots_are_told_what_is_open() -> None:
    async def visit(reader: Reader) -> None:
        _, page, _ = await reader.get(f"/articles/{TIMELINE[1].id}?utm_source=rss")
        assert f'<link rel="canonical" href="{reader.origin}/articles/{TIMELINE[1].id}">'.encode() in page
        robots = Protego.parse((await reader.get("/robots.txt"))[1].decode())
        assert robots.can_fetch(f"{reader.origin}/articles/{TIMELINE[1].id}", "Parley")
        assert not robots.can_fetch(f"{reader.origin}/clock", "Parley")
        status, front, _ = await reader.get("/")
        assert status == 200
        assert TIMELINE[0].title.encode() in front
        for missing in ("/feeds/nobody.xml", "/articles/none", "/nothing"):
            assert (await reader.get(missing))[0] == 404

    with_newsroom(visit)


def test_bookkeeping_is_never_served() -> None:
    async def visit(reader: Reader) -> None:
        await reader.run_to_the_end()
        served = b"".join([(await reader.get(f"/feeds/{outlet}.xml"))[1] for outlet in OUTLETS])
        for word in (b"off_topic", b"copy_of", b"nested-speech", b"favor"):
            assert word not in served

    with_newsroom(visit, 60)
