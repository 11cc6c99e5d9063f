"""An outlet's newest articles -> RSS 2.0, Atom or an OPML list, as bytes; never decides what is out already.

The bytes depend on the entries alone, not on when they are asked for, so that an unchanged feed keeps its ETag.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from services.newsroom.timeline import Outlet

LATEST: Final = 20
ATOM: Final = "http://www.w3.org/2005/Atom"
CONTENT: Final = "http://purl.org/rss/1.0/modules/content/"
TERMS: Final = "http://purl.org/dc/terms/"
TRACKING: Final = "?utm_source=rss&utm_medium=feed"

register_namespace("atom", ATOM)
register_namespace("content", CONTENT)
register_namespace("dcterms", TERMS)


class Shown(NamedTuple):
    """An article as it reads now. `changed` is its publication, or its last edit."""

    id: str
    title: str
    text: str
    published: datetime
    changed: datetime


def article_url(origin: str, article: str) -> str:
    """The canonical address of an article's page."""
    return f"{origin}/articles/{article}"


def feed_url(origin: str, outlet: Outlet) -> str:
    """Where an outlet's feed is served."""
    return f"{origin}/feeds/{outlet.id}.xml"


def write_feed(outlet: Outlet, articles: Sequence[Shown], origin: str) -> tuple[bytes, str]:
    """Return the feed of the latest twenty of `articles`, newest first, and its media type."""
    latest = sorted(articles, key=lambda article: article.published, reverse=True)[:LATEST]
    if outlet.format == "atom":
        return _document(_write_atom(outlet, latest, origin)), "application/atom+xml"
    return _document(_write_rss(outlet, latest, origin)), "application/rss+xml"


def write_opml(outlets: Iterable[Outlet], origin: str) -> bytes:
    """Return the list of the outlets' feeds."""
    root = Element("opml", version="2.0")
    _child(SubElement(root, "head"), "title", "Parley's sample newsroom")
    body = SubElement(root, "body")
    for outlet in outlets:
        SubElement(
            body,
            "outline",
            type="rss",
            text=outlet.name,
            title=outlet.name,
            description=outlet.about,
            xmlUrl=feed_url(origin, outlet),
            htmlUrl=f"{origin}/",
        )
    return _document(root)


def _write_rss(outlet: Outlet, articles: Sequence[Shown], origin: str) -> Element:
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    _child(channel, "title", outlet.name)
    _child(channel, "link", f"{origin}/")
    _child(channel, "description", f"{outlet.about} (an invented outlet of Parley's sample newsroom)")
    _child(channel, "language", "en-gb")
    SubElement(
        channel, f"{{{ATOM}}}link", rel="self", href=feed_url(origin, outlet), type="application/rss+xml"
    )  # fmt: skip
    if articles:
        _child(channel, "lastBuildDate", _rfc_822(max(article.changed for article in articles)))
    for article in articles:
        item = SubElement(channel, "item")
        _child(item, "title", article.title)
        _child(item, "link", _entry_link(outlet, article, origin))
        _child(item, "guid", _entry_id(outlet, article)).set("isPermaLink", "false")
        _child(item, "pubDate", _rfc_822(article.published))
        if article.changed != article.published:
            _child(item, f"{{{TERMS}}}modified", _iso(article.changed))
        _child(item, "description", escape(_summary(article), quote=False))
        if outlet.full:
            _child(item, f"{{{CONTENT}}}encoded", _html(article.text))
    return root


def _write_atom(outlet: Outlet, articles: Sequence[Shown], origin: str) -> Element:
    # Atom's names stand without a prefix in most feeds, so they do here.
    root = Element("feed", xmlns=ATOM)
    _child(root, "title", outlet.name)
    _child(root, "subtitle", f"{outlet.about} (an invented outlet of Parley's sample newsroom)")
    _child(root, "id", f"tag:newsroom.parley.invalid,2022:{outlet.id}")
    SubElement(root, "link", rel="self", href=feed_url(origin, outlet))
    SubElement(root, "link", rel="alternate", href=f"{origin}/")
    newest = max((article.changed for article in articles), default=datetime(2022, 1, 1, tzinfo=UTC))
    _child(root, "updated", _iso(newest))
    _child(SubElement(root, "author"), "name", outlet.name)
    for article in articles:
        entry = SubElement(root, "entry")
        _child(entry, "title", article.title)
        SubElement(entry, "link", rel="alternate", href=_entry_link(outlet, article, origin))
        _child(entry, "id", _entry_id(outlet, article))
        _child(entry, "published", _iso(article.published))
        _child(entry, "updated", _iso(article.changed))
        _child(entry, "summary", _summary(article)).set("type", "text")
        if outlet.full:
            _child(entry, "content", _html(article.text)).set("type", "html")
    return root


def _child(parent: Element, tag: str, text: str) -> Element:
    child = SubElement(parent, tag)
    child.text = text
    return child


def _document(root: Element) -> bytes:
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry_link(outlet: Outlet, article: Shown, origin: str) -> str:
    return article_url(origin, article.id) + (TRACKING if outlet.tracking else "")


def _entry_id(outlet: Outlet, article: Shown) -> str:
    return f"tag:newsroom.parley.invalid,2022:{outlet.id}/{article.id}"


def _summary(article: Shown) -> str:
    return article.text.split("\n\n", 1)[0]


def _html(text: str) -> str:
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in text.split("\n\n"))


def _rfc_822(time: datetime) -> str:
    return format_datetime(time.astimezone(UTC), usegmt=True)


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
