"""An entry and its text to the Article record; never reads the clock: when it was fetched is an argument."""

from datetime import datetime, timedelta
from typing import Final

from services.ingest.entries import LONGEST_TEXT, Entry
from services.ingest.identity import article_id, entry_id
from services.ingest.links import canonical_url
from services.ingest.signature import sign
from streams.records import Article

__all__ = ["article_id", "canonical_url", "entry_id", "make_article", "sign_article"]

# Clocks differ and outlets announce; a date further ahead than this is a mistake.
AHEAD: Final = timedelta(days=1)
# Below this many words a text is a teaser: copies are then recognised by the headline as well.
TEASER_WORDS: Final = 20


def make_article(
    entry: Entry, outlet: str, text: str, fetched: datetime, revision: int = 0, backfill: bool = False
) -> Article:
    """Return the record for `entry` with `text` (the feed's or the page's, plain).

    A date that is missing or lies more than a day ahead becomes `fetched`. An aggregator's entry belongs to the
    outlet that it names.
    """
    ahead = entry.published is None or entry.published > fetched + AHEAD
    text = text[:LONGEST_TEXT]
    return Article(
        id=entry_id(entry, outlet),
        url=canonical_url(entry.url),
        outlet=entry.source or outlet,
        title=entry.title,
        text=text,
        published=fetched if ahead or entry.published is None else entry.published,
        fetched=fetched,
        revision=revision,
        signature=sign_article(entry.title, text),
        backfill=backfill,
    )


def sign_article(title: str, text: str) -> tuple[int, ...]:
    """Return the signature by which copies of the article are recognised."""
    return sign(text if len(text.split(maxsplit=TEASER_WORDS)) > TEASER_WORDS else f"{title} {text}")
