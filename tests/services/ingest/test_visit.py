"""Visits from the request to the outbox, with a real server, real documents and a real disk."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web
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
HEADLINE = "Kyiv says it is ready for peace talks with Moscow"
# Invented for this test.
PAGE = """<html><head><title>x</title></head><body><article><h1>Talks</h1>{}</article></body></html>""".format(
    "".join(
        f"<p>On day {n} the mediators met both delegations again, heard what each of them wanted from a ceasefire, and "
        f"asked the {n} people at the table to come back with a written answer about the talks before the week was "
        "over.</p>"
        for n in range(1, 9)
    )
)


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


def entry(number: int, title: str = HEADLINE, text: str = "A summary.", date: bool = True) -> str:
    published = format_datetime(NOW - timedelta(hours=number), usegmt=True)
    return (
        f"<item><title>{title} ({number})</title><link>https://herald.example/{number}?utm_source=rss</link>"
        + (f"<pubDate>{published}</pubDate>" if date else "")
        + f"<description>{text}</description></item>"
    )


def rss(*entries: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>H</title>{"".join(entries)}</channel></rss>'


def count(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_the_first_visit_is_backfill_and_later_entries_are_news(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        scene.place.serve("/feed", rss(entry(2), entry(3)))
        await scene.visit()
        assert [(article.backfill, article.revision) for article in scene.sent()] == [(True, 0), (True, 0)]
        scene.place.serve("/feed", rss(entry(1), entry(2), entry(3)))
        scene.clock.time += timedelta(minutes=5)
        await scene.visit()
        (news,) = [article for article in scene.sent() if not article.backfill]
        assert news.title == f"{HEADLINE} (1)"
        assert news.url == "https://herald.example/1"
        assert news.outlet == "Herald"
        assert news.published == NOW - timedelta(hours=1)
        assert news.fetched == NOW + timedelta(minutes=5)
        assert news.signature

    visiting(test, tmp_path, fulltext=False)


def test_an_unchanged_feed_is_not_parsed(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        body = rss(entry(1))

        async def page(request: web.Request) -> web.Response:
            if request.headers.get("If-None-Match") == '"1"':
                return web.Response(status=304)
            return web.Response(text=body, headers={"ETag": '"1"'})

        scene.place.pages["/feed"] = page
        scene.place.serve("/same", body)
        for path in ("/feed", "/same"):
            first = await scene.visit(path)
            # Whatever is parsed from here on fails.
            scene.visitor._sandbox = None  # type: ignore[assignment]
            second = await scene.visit(path)
            assert (second.state, second.entries, second.body) == ("live", first.entries, first.body)
            scene.visitor._sandbox = scene.visitor._writer.sandbox

    visiting(test, tmp_path, fulltext=False)


def test_an_edit_goes_out_as_the_next_revision_and_white_space_does_not(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        for text in ("One two.", "One   two. ", "One two three.", "One two three."):
            scene.place.serve("/feed", rss(entry(1, text=text), entry(2)))
            await scene.visit()
        versions = [article for article in scene.sent() if article.title.endswith("(1)")]
        assert [(article.revision, article.text, article.backfill) for article in versions] == [
            (0, "One two.", True),
            (1, "One two three.", False),
        ]

    visiting(test, tmp_path, fulltext=False)


def test_what_is_off_our_subject_is_dropped_counted_and_not_judged_again(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        before = count("parley_articles_dropped_total", reason="irrelevant")
        off = entry(1, title="Cup final goes to extra time after a late equaliser", text="Football.")
        for extra in ("", entry(2)):
            scene.place.serve("/feed", rss(off, extra))
            await scene.visit()
        assert [article.title for article in scene.sent()] == [f"{HEADLINE} (2)"]
        assert count("parley_articles_dropped_total", reason="irrelevant") == before + 1

    visiting(test, tmp_path, fulltext=False)


def test_an_edit_that_leaves_our_subject_still_replaces_what_was_sent(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        scene.place.serve("/feed", rss(entry(1)))
        await scene.visit()
        scene.place.serve("/feed", rss(entry(1, title="Cup final goes to extra time", text="Football.")))
        await scene.visit()
        assert [(article.revision, article.text) for article in scene.sent()] == [(0, "A summary."), (1, "Football.")]

    visiting(test, tmp_path, fulltext=False)


def test_an_article_in_two_feeds_is_one_article(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        before = count("parley_articles_dropped_total", reason="other-feed")
        scene.place.serve("/feed", rss(entry(1)))
        scene.place.serve("/world", rss(entry(1, text="Another summary."), entry(2)))
        for path in ("/feed", "/world", "/world"):
            await scene.visit(path)
        assert [article.title[-3:] for article in scene.sent()] == ["(2)", "(1)"]
        assert count("parley_articles_dropped_total", reason="other-feed") == before + 1

    visiting(test, tmp_path, fulltext=False)


def test_lost_entries_are_counted_and_quicken_the_feed(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        before = count("parley_feed_gaps_total")
        scene.place.serve("/feed", rss(entry(20), entry(21)))
        first = await scene.visit()
        scene.place.serve("/feed", rss(entry(1), entry(2)))
        second = await scene.visit()
        assert count("parley_feed_gaps_total") == before + 1
        assert second.delay == first.delay / 2

    visiting(test, tmp_path, fulltext=False)


@pytest.mark.parametrize(
    ("body", "reason"),
    [("<html><body>Sign in</body></html>", "document-html"), ("", "document-empty"), ('{"a": 1}', "document-json")],
)
def test_what_is_no_feed_is_a_failure_with_a_reason(tmp_path: Path, body: str, reason: str) -> None:
    async def test(scene: Scene) -> None:
        scene.place.serve("/feed", rss(entry(1)))
        before = await scene.visit()
        scene.place.serve("/feed", body)
        after = await scene.visit()
        assert (after.state, after.reason, after.entries) == ("failing", reason, before.entries)

    visiting(test, tmp_path, fulltext=False)


def test_a_document_that_kills_its_reader_fails_alone(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        real = scene.visitor._sandbox
        scene.visitor._sandbox = small = Sandbox(1, 0.001, 512 << 20, PRELOAD)
        scene.place.serve("/feed", rss(entry(1)))
        after = await scene.visit()
        assert (after.state, after.reason) == ("failing", "document-timeout")
        scene.visitor._sandbox = real
        assert (await scene.visit()).state == "live"
        small.close()

    visiting(test, tmp_path, fulltext=False)


def test_a_feed_that_is_gone_or_moved_stays_so(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        scene.place.serve("/old", status=301, Location="/new")
        scene.place.serve("/new", rss(entry(1)))
        assert (await scene.visit("/old")).moved == f"{scene.place.url}/new"
        await scene.visit("/old")
        assert scene.place.asked == ["/old", "/new", "/new"]
        # The new address may be a mistake: the old one is asked before the feed is given up.
        scene.place.serve("/new", status=410)
        assert (await scene.visit("/old")).state == "failing"
        scene.place.serve("/feed", status=410)
        assert (await scene.visit("/feed")).state == "gone"

    visiting(test, tmp_path, fulltext=False)


def test_retry_after_is_respected(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        scene.place.serve("/feed", status=429, Retry_After="1234")
        feed = await scene.visit()
        assert (feed.reason, feed.delay) == ("http-429", 1234.0)

    visiting(test, tmp_path, fulltext=False)


def served(scene: Scene, *numbers: int, text: str = "A summary.") -> str:
    """A feed whose articles lie on the scene's own site."""
    return rss(*(entry(n, text=text) for n in numbers)).replace("https://herald.example", scene.place.url)


def sources_of_text() -> dict[str, float]:
    names = ("feed", "page", "summary-no-text", "summary-robots", "summary-unreachable")
    return {name: count("parley_article_texts_total", source=name) for name in names}


def gained(before: dict[str, float]) -> dict[str, float]:
    return {name: value - before[name] for name, value in sources_of_text().items() if value != before[name]}


def test_the_pages_text_is_used_where_the_feed_has_only_a_summary(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        before = sources_of_text()
        scene.place.serve("/1", PAGE, Content_Type="text/html")
        scene.place.serve("/feed", served(scene, 1))
        await scene.visit()
        (article,) = scene.sent()
        assert article.text.count("mediators met both delegations") == 8
        assert gained(before) == {"page": 1}

    visiting(test, tmp_path)


def test_a_long_text_in_the_feed_needs_no_page(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        before = sources_of_text()
        scene.place.serve("/feed", served(scene, 1, text="The delegations met again. " * 30))
        await scene.visit()
        assert scene.place.asked == ["/feed"]
        assert gained(before) == {"feed": 1}

    visiting(test, tmp_path)


def test_no_page_is_fetched_for_what_is_off_our_subject(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        off = entry(1, title="Cup final goes to extra time", text="Football.")
        scene.place.serve("/feed", rss(off).replace("https://herald.example", scene.place.url))
        await scene.visit()
        assert scene.place.asked == ["/feed"]

    visiting(test, tmp_path)


def test_robots_are_asked_once_and_obeyed(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        before = sources_of_text()
        scene.place.serve("/robots.txt", "User-agent: *\nDisallow: /2\n")
        for number in (1, 2, 3):
            scene.place.serve(f"/{number}", PAGE)
        scene.place.serve("/feed", served(scene, 1, 2, 3))
        await scene.visit()
        assert sorted(scene.place.asked) == ["/1", "/3", "/feed", "/robots.txt"]
        assert gained(before) == {"page": 2, "summary-robots": 1}
        assert len(scene.sent()) == 3

    visiting(test, tmp_path)


def test_a_host_that_cannot_say_its_rules_is_left_alone(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        before = sources_of_text()
        scene.place.serve("/robots.txt", status=503)
        scene.place.serve("/feed", served(scene, 1))
        await scene.visit()
        assert scene.place.asked == ["/feed", "/robots.txt"]
        assert gained(before) == {"summary-robots": 1}

    visiting(test, tmp_path)


def test_pages_that_fail_lose_no_article_and_are_not_tried_for_ever(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        before = sources_of_text()
        scene.place.serve("/1", "<html><body>Accept cookies</body></html>")
        scene.place.serve("/feed", served(scene, 1, 2, 3, 4, 5))
        await scene.visit()
        assert gained(before) == {"summary-no-text": 1, "summary-unreachable": 4}
        assert [path for path in scene.place.asked if path in ("/2", "/3", "/4", "/5")] == ["/2", "/3"]
        assert [article.text for article in scene.sent()] == ["A summary."] * 5

    visiting(test, tmp_path)


def test_a_page_is_read_where_the_headline_leaves_its_subject_open(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        on, off = (
            "<html><body><article>"
            + "".join(
                f"<p>On day {n} {words} The {n} guests went home late and said little to the press.</p>"
                for n in range(1, 9)
            )
            + "</article></body></html>"
            for words in (
                "the Kremlin told Kyiv that it would not sign a ceasefire before spring.",
                "the visitors toured a dairy and tasted cheese of every kind that it makes.",
            )
        )
        scene.place.serve("/on", on, Content_Type="text/html")
        scene.place.serve("/off", off, Content_Type="text/html")
        title = "Trump speaks of Ukraine, and of himself"
        items = [
            entry(n, title=title).replace(f"https://herald.example/{n}?utm_source=rss", f"{scene.place.url}{path}")
            for n, path in ((1, "/on"), (2, "/off"))
        ]
        scene.place.serve("/feed", rss(entry(3)))
        await scene.visit()
        before = count("parley_articles_dropped_total", reason="irrelevant")
        scene.place.serve("/feed", rss(entry(3), *items))
        await scene.visit()
        (article,) = [one for one in scene.sent() if not one.backfill]
        assert article.title == f"{title} (1)"
        assert "would not sign a ceasefire" in article.text
        assert count("parley_articles_dropped_total", reason="irrelevant") == before + 1

    visiting(test, tmp_path)


def test_no_page_is_read_for_the_backlog_of_a_new_feed(tmp_path: Path) -> None:
    async def test(scene: Scene) -> None:
        seen: list[str] = []

        async def page(request: web.Request) -> web.Response:
            seen.append(request.path)
            return web.Response(text=PAGE, content_type="text/html")

        scene.place.pages["/page"] = page
        item = entry(1, title="Trump speaks of Ukraine, and of himself")
        scene.place.serve(
            "/feed", rss(item.replace("https://herald.example/1?utm_source=rss", f"{scene.place.url}/page"))
        )
        await scene.visit()
        assert scene.sent() == []
        assert seen == []

    visiting(test, tmp_path)
