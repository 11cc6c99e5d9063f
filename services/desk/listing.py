"""Changes of the feed list, asked for on the page -> the OPML file that the ingester follows; never fetches a feed.

The document keeps all else that is in it. It is replaced in one step, so that the ingester reads the old list or the
new one.
"""

import os
import threading
from pathlib import Path
from typing import Final

from lxml import etree

from services.errors import InputProblem, UsageProblem
from services.ingest.opml import normal_address, parse_outlines
from streams.records import content_id

_lock: Final = threading.Lock()
_EMPTY: Final = b'<opml version="2.0"><head><title>Feeds</title></head><body/></opml>'
MOST_BYTES: Final = 10_000_000


def add_feed(path: Path, url: str, outlet: str) -> str:
    """Add a feed; returns its outlet, raises InputProblem where the address is none or is on the list."""
    address, name = normal_address(url), " ".join(outlet.split())
    if address is None:
        raise InputProblem("that is no http or https address")
    if not name:
        raise InputProblem("name the outlet")
    with _lock:
        tree = _read(path)
        if content_id(address) in _feeds(tree):
            raise InputProblem("that feed is on the list already")
        _append(tree, address, name)
        _write(path, tree)
    return name


def add_feeds(path: Path, raw: bytes) -> int:
    """Add every feed of an OPML document that is not on the list yet, as it stands there; returns how many.

    Raises InputProblem where the document cannot be read.
    """
    try:
        outlines = parse_outlines(raw, "of that file")
    except UsageProblem as error:
        raise InputProblem(str(error)) from None
    with _lock:
        tree = _read(path)
        known = _feeds(tree)
        fresh = [outline for outline in outlines if outline.key not in known]
        for outline in fresh:
            _append(tree, outline.url, outline.outlet, paused=outline.paused)
        if fresh:
            _write(path, tree)
    return len(fresh)


def change_feed(path: Path, key: str, what: str) -> str:
    """`pause`, `resume` or `remove` the feed of that key; returns its outlet, raises InputProblem where it is gone."""
    with _lock:
        tree = _read(path)
        places = _feeds(tree).get(key, [])
        if not places:
            raise InputProblem("that feed is not on the list any more")
        outlet = str(places[0].get("title") or places[0].get("text") or places[0].get("xmlUrl"))
        for place in places:
            parent = place.getparent()
            if what == "remove" and parent is not None:
                parent.remove(place)
            elif what == "pause":
                place.set("isComment", "true")
            else:
                _resume(place)
        _write(path, tree)
    return outlet


def _resume(place: "etree._Element") -> None:
    """Lift the mark, and where the whole group is paused hand it down to the others of the group."""
    for above in reversed([place, *place.iterancestors("outline")]):
        if above.attrib.pop("isComment", "false").strip().lower() == "true" and above is not place:
            for child in above:
                child.set("isComment", "true")
    place.attrib.pop("isComment", None)


def _append(tree: "etree._Element", url: str, outlet: str, *, paused: bool = False) -> None:
    body = tree.find("body")
    if body is None:
        body = etree.SubElement(tree, "body")
    place = etree.SubElement(body, "outline", type="rss", text=_printable(outlet), title=_printable(outlet), xmlUrl=url)
    if paused:
        place.set("isComment", "true")
    place.tail = "\n"


def _printable(text: str) -> str:
    """XML has no place for control characters."""
    return "".join(char for char in text if char.isprintable())


def _feeds(tree: "etree._Element") -> dict[str, list["etree._Element"]]:
    """The outlines of each feed, by its key."""
    found: dict[str, list[etree._Element]] = {}
    for place in tree.iter("outline"):
        address = normal_address(place.get("xmlUrl") or place.get("xmlurl") or "")
        if address is not None:
            found.setdefault(content_id(address), []).append(place)
    return found


def _read(path: Path) -> "etree._Element":
    try:
        raw = path.read_bytes() if path.exists() else _EMPTY
        return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))
    except (OSError, etree.XMLSyntaxError) as error:
        raise InputProblem(f"the feed list cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _write(path: Path, tree: "etree._Element") -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as file:
            file.write(etree.tostring(tree.getroottree(), xml_declaration=True, encoding="utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            beside.chmod(path.stat().st_mode & 0o7777)
        beside.replace(path)
    except OSError as error:
        raise InputProblem(f"the feed list cannot be written ({error.strerror})") from None
