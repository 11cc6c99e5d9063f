"""One entry as feedparser found it to an Entry of plain text, with a link and a date that can be trusted or none."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urljoin

from services.ingest.links import canonical_url
from services.ingest.plain import one_line, plain_text

# A news text is seldom shorter than this many words; an entry's description is seldom longer.
FULL_TEXT_WORDS: Final = 150
LONGEST_TITLE: Final = 1_000
LONGEST_TEXT: Final = 200_000
# Feeds are younger than this; an earlier date is a zero or a typing error.
EARLIEST: Final = datetime(1995, 1, 1, tzinfo=UTC)

_CUT_SHORT = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]"
    r"|\b(?:(?:read|learn) more|(?:continue|keep) reading|read the (?:full|whole|rest))\b[^.]{0,80})\W*$",
    re.IGNORECASE,
)
_APPENDED = re.compile(r"\n\nThe post [^\n]{1,300} (?:first appeared on|appeared first on) [^\n]{1,100}$")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of one article.

    `url` is "" and `published` None where the feed gives none that can be used. `source` is the outlet that an
    aggregator names for this entry, or "". `shared_url` is true where other entries of the same document have the
    same link with another title, so that the link does not identify this one.
    """

    guid: str
    url: str
    title: str
    published: datetime | None
    text: str
    has_full_text: bool
    source: str = ""
    shared_url: bool = False


def read_entry(raw: Mapping[str, Any], home: str = "") -> Entry | None:
    """Return the entry, or None where there is neither a title nor a text; `home` resolves a relative link."""
    title = one_line(str(raw.get("title") or ""))[:LONGEST_TITLE]
    text, full = _text(raw)
    if not title and not text:
        return None
    origin = raw.get("source")
    source = one_line(str(origin.get("title") or "")) if isinstance(origin, Mapping) else ""
    if source:
        # Aggregators append the outlet's name, which would read as a speaker: "Kremlin rejects truce - Reuters".
        title = title.removesuffix(f" - {source}")
    return Entry(
        guid=one_line(str(raw.get("id") or "")),
        url=_link(raw, home),
        title=title,
        published=_published(raw),
        text=text,
        has_full_text=full,
        source=source,
    )


def _link(raw: Mapping[str, Any], home: str) -> str:
    # FeedBurner rewrites the link and keeps the outlet's own beside it.
    for name in ("feedburner_origlink", "link"):
        link = str(raw.get(name) or "").strip()
        # A guid stands in for a missing link only if it is an address as it stands: most are mere numbers, whatever
        # the default of `isPermaLink` says, and resolving them would invent pages.
        if link and not (name == "link" and raw.get("guidislink")):
            link = _absolute(home, link)
        if canonical_url(link):
            return link
    return ""


def _absolute(home: str, link: str) -> str:
    try:
        return urljoin(home, link)
    except ValueError:
        return ""


def _text(raw: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the longest text the entry has, and whether it is the whole article."""
    contents = raw.get("content")
    sources = (
        [part.get("value") for part in contents if isinstance(part, Mapping)] if isinstance(contents, list) else []
    )
    sources.append(raw.get("summary"))
    text = max((plain_text(str(source)) for source in sources if source), key=len, default="")
    text = _APPENDED.sub("", text)
    full = len(text.split(maxsplit=FULL_TEXT_WORDS)) > FULL_TEXT_WORDS and not _CUT_SHORT.search(text[-200:])
    return text[:LONGEST_TEXT], full


def _published(raw: Mapping[str, Any]) -> datetime | None:
    for name in ("published_parsed", "created_parsed", "updated_parsed"):
        # Asking feedparser's dictionary for a missing `updated_parsed` brings `published_parsed` and a warning.
        if name not in raw:
            continue
        try:
            when = datetime.fromtimestamp(calendar.timegm(raw[name]), UTC)
        except (ValueError, OverflowError, OSError, TypeError):
            continue
        if when >= EARLIEST:
            return when
    return None
