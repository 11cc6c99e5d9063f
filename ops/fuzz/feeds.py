"""Documents that servers might send, sound, broken or hostile, and what must hold of what the parser makes of them."""

import unicodedata
from typing import Any
from urllib.parse import urlsplit

from hypothesis import strategies as st

from services.ingest.parse import NotAFeed, parse_feed

NAMES = st.sampled_from(
    [
        "rss",
        "channel",
        "item",
        "title",
        "link",
        "description",
        "pubDate",
        "guid",
        "author",
        "feed",
        "entry",
        "summary",
        "content",
        "updated",
        "id",
        "source",
        "rdf:RDF",
        "content:encoded",
        "dc:date",
        "media:title",
        "atom:link",
        "category",
        "enclosure",
        "image",
        "xhtml:div",
    ]
)
ATTRIBUTES = st.sampled_from(
    [
        "",
        ' href="http://a.example/1"',
        ' type="html"',
        ' type="xhtml"',
        ' xml:base="//b.example/"',
        " broken=",
        ' isPermaLink="true"',
        ' rel="self"',
        ' rdf:about="x"',
        " href='javascript:x'",
        f' a="{"x" * 300}"',
    ]
)
WORDS = st.sampled_from(
    [
        "<![CDATA[",
        "]]>",
        "&#0;",
        "&#x110000;",
        "&#xD800;",
        "&nbsp;",
        "&amp;",
        "&lt;script&gt;",
        "<!--",
        "-->",
        "<?xml",
        "<!DOCTYPE rss>",
        "\x00",
        "\x1b[2J",
        "Mon, 32 Foo 2025 99:99",
        "2025-05-01T10:00:00Z",
        "<!channel>",
        "\u202e",
        "Thu, 01 May 2025 10:00 GMT",
        "http://[::1",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "//x",
        "data:,x",
        "💥",
        "é",
    ]
) | st.text(max_size=30)


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    whole = st.builds(
        lambda name, attributes, body: f"<{name}{attributes}>{''.join(body)}</{name}>",
        NAMES, ATTRIBUTES, st.lists(inner, max_size=5),
    )  # fmt: skip
    cut = st.builds(lambda name, attributes: f"<{name}{attributes}>", NAMES, ATTRIBUTES)
    return whole | cut


ITEM = st.recursive(WORDS, _element, max_leaves=12)
FEEDS = st.builds(
    lambda head, items: f"<rss version='2.0'><channel>{head}"
    + "".join(f"<item><title>{item}</title>{item}</item>" for item in items)
    + "</channel></rss>",
    ITEM, st.lists(ITEM, max_size=6),
)  # fmt: skip
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1251", "utf-8-sig", "utf-7"])
DECLARED = st.sampled_from(
    ["", "utf-8", "utf-16", "ascii", "windows-1251", "none", "utf-8\x00", "idna", "base64", "rot13"]
)


@st.composite
def documents(draw: Any) -> tuple[bytes, str]:
    """A body and its content type: text in some encoding, declared as some other, with bytes cut out or put in."""
    declared = draw(DECLARED)
    text = (f'<?xml version="1.0" encoding="{declared}"?>' if declared else "") + draw(FEEDS | ITEM)
    body = text.encode(draw(ENCODINGS), "replace")
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(body)))
        body = body[:place] + draw(st.binary(max_size=6)) + body[place + draw(st.integers(0, 20)) :]
    kind = draw(
        st.sampled_from(["application/xml", "text/html", "", "application/rss+xml; charset=x", "a/b; charset=utf-8"])
    )
    return body, kind


INPUTS = documents() | st.tuples(st.binary(max_size=400), st.just("text/xml"))


def check(document: tuple[bytes, str]) -> None:
    """A feed of plain entries, each of use and each once, or NotAFeed; nothing else."""
    body, kind = document
    try:
        feed = parse_feed(body, kind, "https://news.example/feed")
    except NotAFeed:
        return
    for entry in feed.entries:
        assert entry.title or entry.text, "an entry without a word"
        for text in (entry.title, entry.text, entry.source, feed.title):
            control = [one for one in text if unicodedata.category(one) == "Cc" and one not in "\n\t"]
            assert not control, f"control characters {control} in {text!r}"
            text.encode()
        assert not entry.url or urlsplit(entry.url).scheme in ("http", "https"), f"link {entry.url!r}"
