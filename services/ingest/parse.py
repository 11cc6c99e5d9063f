"""The bytes of a feed to its entries; keeps every good one, counts every bad one, and never touches the network.

Pure CPU and slow (tens of milliseconds a document, see facts of feedparser), so it runs in a pool process that bounds
its memory and time; what it returns and raises can be pickled.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, Final

import feedparser
from feedparser.encodings import convert_to_utf8

from services.errors import InputProblem
from services.ingest.document import defines_entities, each_entry, ends_inside_an_entry
from services.ingest.entries import Entry, read_entry
from services.ingest.identity import entry_id
from services.ingest.links import canonical_url
from services.ingest.plain import one_line

NOT_A_FEED: Final = {
    "empty": "no feed: the document is empty",
    "html": "no feed: this is an HTML page; look for its RSS or Atom address",
    "json": "no feed: this is JSON; RSS, RDF and Atom are read",
    "entities": "no feed that can be trusted: its document type defines entities, which is how XML bombs are made",
    "unknown": "no feed: no RSS, RDF or Atom element was found",
}

UTF8: Final = {"content-type": "application/xml; charset=utf-8"}
_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]*>")


class NotAFeed(InputProblem):
    """The document is no feed; `reason` is one of NOT_A_FEED, the message its sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return NOT_A_FEED[self.reason]


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's title, its entries in the document's order, and how many were left out for which reason.

    Reasons: `empty` (neither title nor text), `duplicate` (an earlier entry announces the same article), `truncated`
    (the document ends inside it), `unreadable` (the parser failed on it).
    """

    title: str
    entries: list[Entry]
    bad: Counter[str]


def parse_feed(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """Read a feed as a server sent it; `url` is where it came from and resolves relative links.

    Raises NotAFeed.
    """
    headers = {"content-type": content_type or "application/xml"}
    if not body.strip(b"\0 \t\r\n"):
        raise NotAFeed("empty")
    try:
        decoded = convert_to_utf8(headers, body, {})
    except Exception:
        # The declaration of the encoding is itself broken (a NUL or a stray byte in its name is enough).
        decoded = body = _DECLARATION.sub(b"", body.decode("utf-8", "replace").encode())
        headers = UTF8
    if defines_entities(decoded):
        raise NotAFeed("entities")
    bad: Counter[str] = Counter()
    try:
        title, raws = _feedparse(body, headers)
    except NotAFeed:
        raise
    except Exception:
        # feedparser's lenient parser raises on some input (a character reference out of range is enough). One such
        # entry must not take the others with it.
        title, raws = _salvage(decoded, bad)
    if raws and ends_inside_an_entry(decoded):
        # Half a sentence could be read as its opposite. The next visit brings the whole entry.
        raws.pop()
        bad["truncated"] += 1
    return ParsedFeed(title, list(_distinct(raws, url, bad)), bad)


def _feedparse(body: bytes, headers: dict[str, str]) -> tuple[str, list[Any]]:
    # A BytesIO, since feedparser takes str and bytes for file names and addresses first. Its sanitizer and its
    # resolving of links inside texts are off: texts become plain here, and both are slow.
    found = feedparser.parse(BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    if not found.entries and not found.get("version"):
        raise NotAFeed(_what_instead(body))
    return one_line(str(found.feed.get("title") or "")), list(found.entries)


def _salvage(xml: bytes, bad: Counter[str]) -> tuple[str, list[Any]]:
    """Parse the document entry by entry, and count those on which the parser fails."""
    title, raws = "", []
    for document in each_entry(xml):
        try:
            title, found = _feedparse(document, UTF8)
        except Exception:
            bad["unreadable"] += 1
        else:
            raws += found
    if not raws:
        raise NotAFeed(_what_instead(xml))
    return title, raws


def _distinct(raws: Iterable[Any], home: str, bad: Counter[str]) -> Iterator[Entry]:
    """Yield the usable entries, each once; those that share a link but not a title are marked."""
    entries: list[Entry] = []
    titles: dict[str, set[str]] = {}
    for raw in raws:
        try:
            entry = read_entry(raw, home)
        except Exception:
            bad["unreadable"] += 1
            continue
        if entry is None:
            bad["empty"] += 1
            continue
        entries.append(entry)
        titles.setdefault(canonical_url(entry.url), set()).add(entry.title)
    seen: set[str] = set()
    for entry in entries:
        shared = bool(entry.url) and len(titles[canonical_url(entry.url)]) > 1
        told_apart = replace(entry, shared_url=True) if shared else entry
        identity = entry_id(told_apart, "")
        if identity in seen:
            bad["duplicate"] += 1
            continue
        seen.add(identity)
        yield told_apart


def _what_instead(body: bytes) -> str:
    start = body[:2000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith((b"{", b"[")):
        return "json"
    return "html" if b"<html" in start or b"<!doctype html" in start or b"<body" in start else "unknown"
