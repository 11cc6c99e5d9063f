"""Where a quotation runs on into the next paragraph: each opens with its mark, only the last one closes it."""

from typing import Final

_OPENERS: Final = "“„«"
_CLOSERS: Final = "”»"
_STRAIGHT: Final = '"'


def open_from(paragraph: str, following: str) -> int | None:
    """Return where in `paragraph` the quotation opens that `following` goes on with, or None where none does."""
    if following[:1] not in (*_OPENERS, _STRAIGHT):
        return None
    opened = max(paragraph.rfind(mark) for mark in _OPENERS)
    closed = max(paragraph.rfind(mark) for mark in _CLOSERS)
    if opened > closed:
        return opened
    if opened < 0 and paragraph.count(_STRAIGHT) % 2:
        last = paragraph.rfind(_STRAIGHT)
        opens = last == 0 or paragraph[last - 1].isspace()
        return last if opens and not paragraph[last + 1 : last + 2].isspace() else None
    return None
