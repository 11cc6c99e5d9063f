"""An OPML list, a file or at an address, to the feeds to watch; never fetches a feed."""

import codecs
import logging
import re
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit, urlunsplit
from urllib.request import urlopen
from xml.parsers import expat

import listparser

from services.errors import UsageProblem
from services.ingest.fetch import without_secrets
from streams.records import content_id

log = logging.getLogger("parley.ingest")

# An OPML file of ten thousand feeds has some two megabytes.
SIZE_CAP: Final = 50_000_000
TIMEOUT: Final = 30.0
_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""")


class Source(NamedTuple):
    """A feed as the desk listed it. `key` is its identity in the state on disk and in logs; it depends on the URL."""

    url: str
    outlet: str

    @property
    def key(self) -> str:
        return content_id(self.url)


class Outline(NamedTuple):
    """A feed on the list, watched or paused: OPML marks what is to be passed over with `isComment`."""

    url: str
    outlet: str
    paused: bool

    @property
    def key(self) -> str:
        return content_id(self.url)


def read_opml(place: str) -> list[Source]:
    """Return the feeds to watch, in the list's order; those that are paused are left out, and all of them may be.

    Raises what `list_outlines` raises.
    """
    return [Source(one.url, one.outlet) for one in list_outlines(place) if not one.paused]


def list_outlines(place: str) -> list[Outline]:
    """Return the feeds in the list's order, one for each URL, under the title of its first outline.

    `place` is a file or an http(s) address. Raises UsageProblem, one line, when it cannot be read, is no well-formed
    OPML or lists no feed: a list that is silently shorter than the desk believes is found out when news is missed.
    """
    if not place.strip():
        raise UsageProblem("no feeds: name an OPML file, or its http(s) address, with --feeds (or PARLEY_FEEDS)")
    remote = place.startswith(("http://", "https://"))
    name = without_secrets(place) if remote else place
    try:
        # The address is the desk's own, so it may well be on an inner network.
        with urlopen(place, timeout=TIMEOUT) if remote else Path(place).open("rb") as file:  # noqa: S310
            raw = file.read(SIZE_CAP + 1)
    except (OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise UsageProblem(f"feeds {name}: cannot be read ({reason}); name an OPML file with --feeds") from None
    if len(raw) > SIZE_CAP:
        raise UsageProblem(f"feeds {name}: larger than {SIZE_CAP // 1_000_000} MB, which no list of feeds is")
    return parse_outlines(raw, name)


def parse_outlines(raw: bytes, name: str) -> list[Outline]:
    """Return the feeds of an OPML document; `name` is how errors call it. Raises what `list_outlines` raises."""
    return _outlines(_well_formed(raw, name), name)


def _well_formed(raw: bytes, name: str) -> str:
    # listparser recovers from anything and says nothing, so the check is our own.
    parser = expat.ParserCreate()
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise UsageProblem(
            f"feeds {name}: not well-formed XML at line {error.lineno}, column {error.offset + 1} "
            f"({expat.ErrorString(error.code)})"
        ) from None
    except (ValueError, LookupError):
        raise UsageProblem(f"feeds {name}: its encoding cannot be read; save it as UTF-8") from None
    # listparser takes bytes for UTF-8, whatever they declare.
    declared = _ENCODING.search(raw[:200])
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = declared[1].decode() if declared else "utf-8-sig"
    return raw.decode(encoding, "replace")


def _outlines(text: str, name: str) -> list[Outline]:
    found = listparser.parse(text)
    if not str(found.version).startswith("opml"):
        raise UsageProblem(f"feeds {name}: XML, but no OPML (its root element is not <opml>)")
    paused = _paused(text)
    outlines: dict[str, Outline] = {}
    for feed in found.feeds:
        url = normal_address(str(feed.url))
        if url is None:
            log.warning("feeds %s: skipped %r: its address is not http(s)", name, str(feed.title)[:80])
            continue
        title = " ".join(str(feed.title).split())
        outlet = title or str(urlsplit(url).hostname)
        outlines.setdefault(url, Outline(url, outlet, url in paused))
    if not outlines:
        raise UsageProblem(f"feeds {name}: lists no feed (an <outline> with an http or https xmlUrl)")
    if len(outlines) < len(found.feeds):
        log.info("feeds %s: %d outlines make %d feeds", name, len(found.feeds), len(outlines))
    return list(outlines.values())


def _paused(text: str) -> frozenset[str]:
    """The addresses that stand on the list only where it is commented out; listparser does not tell them apart."""
    places: dict[bool, set[str]] = {True: set(), False: set()}
    commented: list[bool] = []

    def begin(tag: str, attributes: dict[str, str]) -> None:
        found = {name.lower(): value for name, value in attributes.items()}
        commented.append(commented[-1:] == [True] or found.get("iscomment", "").strip().lower() == "true")
        url = normal_address(found.get("xmlurl", ""))
        if url is not None:
            places[commented[-1]].add(url)

    def end(tag: str) -> None:
        commented.pop()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    with suppress(expat.ExpatError):
        parser.Parse(_DECLARATION.sub("", text, count=1), True)
    return frozenset(places[True] - places[False])


def normal_address(address: str) -> str | None:
    """Scheme and host in lower case, no fragment; None where it is no http(s) address."""
    # Feed readers export "feed://host/" and "feed:https://host/".
    address = re.sub(r"^feed:(//)?(?=https?:)", "", address.strip(), flags=re.IGNORECASE)
    address = re.sub(r"^feed://", "http://", address, flags=re.IGNORECASE)
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    userinfo, at, _ = parts.netloc.rpartition("@")
    place = f"{userinfo}{at}{parts.netloc[len(userinfo) + len(at) :].lower()}"
    return urlunsplit(SplitResult(parts.scheme, place, parts.path or "/", parts.query, ""))
