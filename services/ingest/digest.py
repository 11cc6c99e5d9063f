"""What is done to bytes from outside, all inside the sandbox: feeds to entries, pages to text, entries to articles.

Each function takes and returns what can be pickled, and touches neither network nor disk nor clock.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from protego import Protego

from services.ingest.articles import entry_id, make_article
from services.ingest.entries import Entry
from services.ingest.fulltext import extract_text
from services.ingest.parse import parse_feed
from services.ingest.relevance import is_worth_reading, judge
from streams.records import Article

# What a sandbox process should have imported before its first task: this, and what it imports only when it signs.
PRELOAD: Final = (__name__, "datasketch")


Call = Literal["relevant", "open", "irrelevant"]


class Item(NamedTuple):
    """An entry, the id of the article it announces, and a hash of its words that white space does not change."""

    entry: Entry
    id: str
    hash: str


class Reading(NamedTuple):
    """A feed's items, the first of each id, and how many entries were left out for which reason."""

    items: list[Item]
    bad: Counter[str]


def read_feed(body: bytes, content_type: str, url: str, outlet: str) -> Reading:
    """Read a feed; raises NotAFeed."""
    parsed = parse_feed(body, content_type, url)
    items: dict[str, Item] = {}
    for entry in parsed.entries:
        item = Item(entry, entry_id(entry, outlet), words_hash(entry.title, entry.text))
        if items.setdefault(item.id, item) is not item:
            parsed.bad["same-article"] += 1
    return Reading(list(items.values()), parsed.bad)


def words_hash(title: str, text: str) -> str:
    """A hash of title and text that changes with their words alone."""
    words = " ".join(title.split()) + "\n\n" + " ".join(text.split())
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]


def judge_entries(entries: Sequence[Entry]) -> list[Call]:
    """Say of each entry whether it is about a negotiated end to the war, by its title and the text the feed gives.

    `open` is an entry whose words do not say it, and whose page may.
    """
    verdicts = [judge(entry.title, entry.text) for entry in entries]
    return [
        "relevant" if verdict.relevant else "open" if is_worth_reading(entry.title, verdict) else "irrelevant"
        for entry, verdict in zip(entries, verdicts, strict=True)
    ]


def write_article(
    entry: Entry, outlet: str, page: tuple[bytes, str] | None, fetched: datetime, backfill: bool
) -> tuple[Article, bool]:
    """Return the article and whether its text is the page's; `page` is the HTML and its address, where there is one.

    A page without a readable text, or with less of it than the feed gives, leaves the feed's.
    """
    found = extract_text(*page) if page is not None else None
    use = found is not None and len(found) > len(entry.text)
    text = found if use and found is not None else entry.text
    return make_article(entry, outlet, text, fetched, 0, backfill), use


def write_if_relevant(entry: Entry, outlet: str, page: tuple[bytes, str], fetched: datetime) -> Article | None:
    """Return the article with the page's text, or None where that is not about a negotiated end to the war either."""
    article, used = write_article(entry, outlet, page, fetched, backfill=False)
    return article if used and judge(article.title, article.text).relevant else None


def page_allowed(robots: bytes, url: str, agent: str) -> bool:
    """Whether this robots.txt lets `agent` fetch `url` (RFC 9309). Its patterns are as hostile as any other input."""
    return bool(Protego.parse(robots.decode("utf-8", "replace")).can_fetch(url, agent))
