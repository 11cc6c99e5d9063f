"""Articles for the tests of statements, and the catalogue they are read with."""

from datetime import UTC, datetime
from functools import lru_cache

from streams.catalogue import Catalogue, read_catalogue
from streams.records import Article, Statement
from streams.statements import find_statements


@lru_cache
def catalogue() -> Catalogue:
    return read_catalogue()


def article(headline: str = "", text: str = "", date: str = "2025-06-01") -> Article:
    day = datetime.fromisoformat(date).replace(tzinfo=UTC)
    return Article(id="a", url="", outlet="Sample", title=headline, text=text, published=day, fetched=day)


def statements(headline: str = "", text: str = "", date: str = "2025-06-01") -> tuple[Statement, ...]:
    return find_statements(article(headline, text, date), catalogue())


def voices(headline: str = "", text: str = "", date: str = "2025-06-01") -> set[tuple[str, str]]:
    """The pairs (actor, speaker) of an article."""
    return {(statement.actor, statement.speaker) for statement in statements(headline, text, date)}
