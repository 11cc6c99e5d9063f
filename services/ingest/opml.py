"""An OPML file to the list of feeds to watch; never fetches one."""

import codecs
import logging
import re
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit, urlunsplit
from xml.parsers import expat

import listparser

from services.errors import UsageProblem
from streams.records import content_id

log = logging.getLogger("parley.ingest")

# An OPML file of ten thousand feeds has some two megabytes.
SIZE_CAP: Final = 50_000_000
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""")


class Source(NamedTuple):
    """A feed as the desk listed it. `key` is its identity in the state on disk and in logs; it depends on the URL."""

    url: str
    outlet: str

    @property
    def key(self) -> str:
        return content_id(self.url)


def read_opml(path: Path) -> list[Source]:
    """Return the feeds in the file's order, one for each URL, under the title of its first outline.

    Raises UsageProblem, one line, when the file cannot be read, is no well-formed OPML or lists no feed: a list that
    is silently shorter than the desk believes is found out when news is missed.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(SIZE_CAP + 1)
    except OSError as error:
        raise UsageProblem(
            f"feeds file {path}: cannot be read ({error.strerror}); name an OPML file with --feeds"
        ) from None
    if len(raw) > SIZE_CAP:
        raise UsageProblem(f"feeds file {path}: larger than {SIZE_CAP // 1_000_000} MB, which no list of feeds is")
    return _sources(_well_formed(raw, path), path)


def _well_formed(raw: bytes, path: Path) -> str:
    # listparser recovers from anything and says nothing, so the check is our own.
    parser = expat.ParserCreate()
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise UsageProblem(
            f"feeds file {path}: not well-formed XML at line {error.lineno}, column {error.offset + 1} "
            f"({expat.ErrorString(error.code)})"
        ) from None
    except (ValueError, LookupError):
        raise UsageProblem(f"feeds file {path}: its encoding cannot be read; save it as UTF-8") from None
    # listparser takes bytes for UTF-8, whatever they declare.
    declared = _ENCODING.search(raw[:200])
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = declared[1].decode() if declared else "utf-8-sig"
    return raw.decode(encoding, "replace")


def _sources(text: str, path: Path) -> list[Source]:
    found = listparser.parse(text)
    if not str(found.version).startswith("opml"):
        raise UsageProblem(f"feeds file {path}: XML, but no OPML (its root element is not <opml>)")
    sources: dict[str, Source] = {}
    for feed in found.feeds:
        url = _normal(str(feed.url))
        if url is None:
            log.warning("feeds file %s: skipped %r: its address is not http(s)", path, str(feed.title)[:80])
            continue
        title = " ".join(str(feed.title).split())
        sources.setdefault(url, Source(url, title or str(urlsplit(url).hostname)))
    if not sources:
        raise UsageProblem(f"feeds file {path}: lists no feed (an <outline> with an http or https xmlUrl)")
    if len(sources) < len(found.feeds):
        log.info("feeds file %s: %d outlines make %d feeds", path, len(found.feeds), len(sources))
    return list(sources.values())


def _normal(address: str) -> str | None:
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
