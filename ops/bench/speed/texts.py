"""What the benchmark reads: the real articles where they lie beside the checkout, else the sample timeline's."""

import gzip
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import cycle
from pathlib import Path

import msgspec

from services.newsroom.timeline import as_articles, read_timeline
from services.read.lines import read_lines
from streams.catalogue import Catalogue, read_catalogue
from streams.records import Article, Statement
from streams.statements import read_article

REAL = Path("../shared/data/articles-2025-05-21.jsonl.gz")
NOW = datetime(2025, 5, 22, tzinfo=UTC)


@cache
def catalogue() -> Catalogue:
    return read_catalogue()


@cache
def articles() -> tuple[Article, ...]:
    """Return distinct articles with their texts."""
    if REAL.exists():
        with gzip.open(REAL) as lines:
            found = [line.article for line in read_lines(enumerate(lines, 1), NOW)]
    else:
        raws = [msgspec.json.encode(one) for one in as_articles(read_timeline())]
        found = [line.article for line in read_lines(enumerate(raws, 1), NOW)]
    by_body = {article.body: article for article in found if article is not None}
    return tuple(by_body.values())


def source() -> str:
    """Say in a few words what was read."""
    kind = "real articles" if REAL.exists() else "sample articles"
    return f"{len(articles())} {kind}, {len(statements())} distinct statements in them"


@cache
def statements() -> tuple[Statement, ...]:
    """Return the statements that the worker would put to the model, each text once."""
    found = {
        (one.quote, one.speaker_start, one.speaker_end): one
        for article in articles()
        for one in read_article(article, catalogue()).statements
    }
    return tuple(found.values())


def fresh(articles: Sequence[Article], now: datetime) -> Iterator[Article]:
    """Yield the articles again and again, each time under another id and with another first word."""
    for number, article in enumerate(cycle(articles)):
        yield msgspec.structs.replace(
            article, id=f"fresh-{number}", title=f"{number}: {article.title}", published=now, fetched=now
        )
