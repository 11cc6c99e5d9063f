"""Feeds as real servers sent them in February 2026."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.ingest.articles import make_article
from services.ingest.parse import parse_feed
from streams.topics import decode_article, encode

FEEDS = sorted((Path(__file__).parents[4] / "shared" / "data" / "feeds").glob("*.xml"))
FETCHED = datetime(2026, 2, 18, 12, tzinfo=UTC)


@pytest.mark.data
@pytest.mark.skipif(not FEEDS, reason="needs the raw feeds in ../shared/data/feeds")
def test_every_real_feed_gives_articles_with_unique_ids() -> None:
    counts: Counter[str] = Counter()
    for path in FEEDS:
        feed = parse_feed(path.read_bytes(), "application/xml", "https://outlet.example/feed")
        articles = [make_article(entry, feed.title, entry.text, FETCHED) for entry in feed.entries]
        assert articles, path.name
        assert len({article.id for article in articles}) == len(articles), path.name
        assert feed.title, path.name
        assert not feed.bad, (path.name, feed.bad)
        for article in articles:
            assert decode_article(encode(article)) == article
            assert article.url.startswith("http")
            assert article.title
        counts["feeds"] += 1
        counts["articles"] += len(articles)
        counts["full text"] += sum(entry.has_full_text for entry in feed.entries)
        counts["undated"] += sum(entry.published is None for entry in feed.entries)
    print(dict(counts))  # noqa: T201  # shown with -rP: what a reader wants to know of this run
    assert counts["feeds"] == 33
