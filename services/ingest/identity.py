"""Which article an entry announces, as an id made from its link, or from what it has where it has none."""

from services.ingest.entries import Entry
from services.ingest.links import canonical_url
from streams.records import content_id


def article_id(url: str) -> str:
    """The id of the article at `url`; the same for http and https, since sites move between them."""
    return content_id("article", canonical_url(url).partition("://")[2] or url)


def entry_id(entry: Entry, outlet: str) -> str:
    """The id of the article that `entry` announces: from its link, else its guid, else its title and date.

    `outlet` is the name the feed goes by; it counts only where there is no link.
    """
    if entry.url and not entry.shared_url:
        return article_id(entry.url)
    if entry.url:
        # Several entries with the link of one page (a bulletin, a live page): the link alone would make them one.
        return content_id("article", article_id(entry.url), entry.guid, entry.title)
    if entry.guid:
        return content_id("article", outlet, entry.guid)
    return content_id("article", outlet, entry.title or entry.text[:500], entry.published or "")
