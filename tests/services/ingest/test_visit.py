"""Visits from the request to the outbox, with a real server, real documents and a real disk."""

from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from services.ingest.digest import PRELOAD
from services.ingest.sandbox import Sandbox
from tests.services.ingest.visiting import NOW, Scene, count, visiting

HEADLINE = "Kyiv says it is ready for peace talks with Moscow"


def entry(number: int, title: str = HEADLINE, text: str = "A summary.", date: bool = True) -> str:
    published = format_datetime(NOW - timedelta(hours=number), usegmt=True)
    return (
        f"<item><title>{title} ({number})</title><link>https://herald.example/{number}?utm_source=rss</link>"
        + (f"<pubDate>{published}</pubDate>" if date else "")
        + f"<description>{text}</description></item>"
    )


def rss(*entries: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>H</title>{"".join(entries)}</channel></rss>'


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
