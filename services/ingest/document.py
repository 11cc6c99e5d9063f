"""The XML document that a feed is: whether it is safe to parse, whether it is whole, and its entries one by one.

Looks at bytes only; it knows nothing of what a feed means.
"""

import re
from collections import deque
from collections.abc import Iterator
from typing import Final

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
# Two kinds of definitions are found in honest feeds and cannot blow anything up: a short name for a character or two,
# and the pointer to HTML's character names (never fetched).
_HARMLESS = re.compile(
    rb"<!ENTITY\s+(?:[\w.-]{1,40}\s+(?:\"(?:&\#\w{1,8};|[^&%\"]{0,32})\"|'(?:&\#\w{1,8};|[^&%']{0,32})')"
    rb"|%\s+[\w.-]{1,40}\s+(?:PUBLIC|SYSTEM)\b[^<>&\[]{0,300})\s*>"
)
_ROOT = re.compile(rb"<\w")
_OPAQUE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_END: Final = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_EDGE = re.compile(rb"<(/?)(?:\w+:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
# More than this before the first entry is not needed to make sense of one entry.
_LONGEST_HEAD: Final = 20_000


def defines_entities(xml: bytes) -> bool:
    """Whether the UTF-8 document defines entities that could make it grow (billion laughs, quadratic blow-up)."""
    if not _ENTITY.search(xml):
        return False
    # feedparser edits everything before the first "<x" with patterns of its own, which could turn what looks like a
    # comment into a definition: there, every definition counts. After it, those within comments, CDATA sections and
    # processing instructions do not; what is cut leaves a "&" behind, so that no cut makes a definition look harmless.
    root = _ROOT.search(xml)
    parts = (xml[: root.start()] if root else xml, _OPAQUE.sub(b"&", xml))
    return any(not _HARMLESS.match(part, found.start()) for part in parts for found in _ENTITY.finditer(part))


def ends_inside_an_entry(xml: bytes) -> bool:
    """Whether the document was cut off within its last entry."""
    if _END.search(xml[-2000:]):
        return False
    edges = deque(_EDGE.finditer(xml), maxlen=1)
    return bool(edges) and not edges[0].group(1)


def each_entry(xml: bytes) -> Iterator[bytes]:
    """Yield documents of one entry each, made of what stands before the first entry and the entry itself."""
    head: bytes | None = None
    opened: int | None = None
    for edge in _EDGE.finditer(xml):
        if not edge.group(1):
            head = xml[: edge.start()][:_LONGEST_HEAD] if head is None else head
            if opened is not None:
                yield head + xml[opened : edge.start()]
            opened = edge.start()
        elif opened is not None and head is not None:
            end = xml.find(b">", edge.end())
            yield head + xml[opened : end + 1 if end >= 0 else len(xml)]
            opened = None
