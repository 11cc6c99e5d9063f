"""Visits that read articles' own pages: when a page is asked for, what of it is used, and what robots.txt forbids."""

from pathlib import Path

from aiohttp import web

from tests.services.ingest.test_visit import entry, rss
from tests.services.ingest.visiting import Scene, count, visiting

# Invented for this test.
PAGE = """<html><head><title>x</title></head><body><article><h1>Talks</h1>{}</article></body></html>""".format(
    "".join(
        f"<p>On day {n} the mediators met both delegations again, heard what each of them wanted from a ceasefire, and "
        f"asked the {n} people at the table to come back with a written answer about the talks before the week was "
        "over.</p>"
        for n in range(1, 9)
    )
)


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
