"""A piece of HTML or text from outside to plain text: no markup, no control characters, paragraphs kept apart.

Never keeps a character that can draw, hide or reorder something on a reader's screen, and never fails on any input.
"""

import re
import unicodedata
from typing import Final

from lxml import etree

# What a browser would not show as the article's words.
_HIDDEN_TAGS: Final = """
script style noscript template head iframe object embed svg math canvas audio video form button select textarea
figcaption
"""
_BLOCK_TAGS: Final = """
p div section article aside header footer main blockquote pre ul ol li dl dt dd table tr h1 h2 h3 h4 h5 h6 figure hr
address details summary
"""
HIDDEN: Final = frozenset(_HIDDEN_TAGS.split())
BLOCK: Final = frozenset(_BLOCK_TAGS.split())

# Controls but for tab and line breaks; soft hyphen, zero-width space, word joiner, byte-order mark; marks and overrides
# that reorder text (a hostile title reads differently from what it says); half surrogates, which no encoder accepts;
# noncharacters. The zero-width joiners stay: scripts and emoji are spelt with them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]+"
)
_BREAK = re.compile(r"[\r\x0b\x0c\x85\u2028\u2029]\n?")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&[#a-zA-Z]")
# "&amp;amp;#8217;" is an apostrophe that two programs in a row have escaped.
_ESCAPED_AGAIN = re.compile(r"&(?:amp;|#38;|#x26;)+(?=#|[a-zA-Z])", re.IGNORECASE)
# Markup may have been escaped once more than its type says; a third round is nobody's honest mistake.
_ROUNDS: Final = 3


def plain_text(source: str) -> str:
    """Return `source` as paragraphs separated by one empty line each; a line break inside one is a single newline.

    Tags go, entities become characters, the contents of scripts and the like are dropped. NFC, trimmed, runs of white
    space are one space.
    """
    text, broken = _INVISIBLE.sub("", source), False
    for _ in range(_ROUNDS):
        if not _MARKUP.search(text):
            break
        text, blocks = _strip_markup(_ESCAPED_AGAIN.sub("&", text))
        broken = broken or blocks
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _BREAK.sub("\n", text)))
    paragraphs = (_join_lines(part, keep=broken) for part in _PARAGRAPHS.split(text))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def one_line(source: str) -> str:
    """Return `source` as plain text without line breaks: a title, a name."""
    return " ".join(plain_text(source).split())


def _join_lines(paragraph: str, *, keep: bool) -> str:
    # Line breaks mean something only where the source marked them up (<br>); otherwise they wrap long lines.
    lines = [" ".join(line.split()) for line in paragraph.split("\n")]
    return ("\n" if keep else " ").join(line for line in lines if line)


def _strip_markup(source: str) -> tuple[str, bool]:
    """Return the text of an HTML fragment, and whether it marked line or paragraph breaks up."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    # The wrapper keeps leading bare text in one element; lxml returns None for markup without any content.
    root = etree.fromstring(b"<div>" + source.encode("utf-8", "replace") + b"</div>", parser)
    if root is None:
        return "", False
    blocks = any(True for _ in root.iterdescendants("p", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "hr"))
    pieces: list[str] = []
    hidden = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = node.tag
        if event == "start":
            if tag in HIDDEN:
                hidden += 1
            if not hidden:
                pieces.append("\n\n" if tag in BLOCK else "\n" if tag == "br" else "")
                pieces.append(_text(node.text, blocks))
        else:
            if tag in HIDDEN:
                hidden -= 1
            if not hidden:
                pieces.append("\n\n" if tag in BLOCK else " " if tag in ("td", "th") else "")
                pieces.append(_text(node.tail, blocks))
    return "".join(pieces), blocks


def _text(text: str | None, blocks: bool) -> str:
    # In marked-up text a source newline is white space like any other; in text that merely contains an entity or a
    # link it may still part paragraphs.
    return (" ".join(text.splitlines()) if blocks else text) if text else ""
