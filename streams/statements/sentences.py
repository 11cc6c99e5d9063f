"""Cuts an article into its headline and sentences with exact offsets; never changes a character."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import sentencex

# A page without a full stop is no news text: what lies past this many characters of one sentence is cut off.
LONGEST: Final = 1_200
_BLANK: Final = re.compile(r"\s*")
# Where the segmenter joins what the typesetter parted: a line break that begins a list item or a quotation.
_BREAK: Final = re.compile(r"\n\s*")


class Sentence(NamedTuple):
    """`text` is exactly `body[start:end]`, without blanks around it. `paragraph` counts up from 0, the headline's."""

    start: int
    end: int
    text: str
    paragraph: int
    headline: bool


def split_headline(title: str) -> Iterator[Sentence]:
    """Yield the headline's sentences: usually one."""
    yield from _split(title, 0, 0, headline=True)


def split_text(text: str, offset: int) -> Iterator[Sentence]:
    """Yield the sentences of a body text that stands at `offset` of the article's body."""
    paragraph = 1
    start = 0
    for match in _BREAK.finditer(text):
        if match.start() > start:
            yield from _split(text[start : match.start()], offset + start, paragraph, headline=False)
            paragraph += 1
        start = match.end()
    if start < len(text):
        yield from _split(text[start:], offset + start, paragraph, headline=False)


def _split(text: str, offset: int, paragraph: int, *, headline: bool) -> Iterator[Sentence]:
    if not text.strip():
        return
    for boundary in sentencex.get_sentence_boundaries("en", text):
        start, end = boundary["start_index"], boundary["end_index"]
        blank = _BLANK.match(text, start, end)
        start = blank.end() if blank else start
        piece = text[start : min(end, start + LONGEST)].rstrip()
        if piece:
            yield Sentence(offset + start, offset + start + len(piece), piece, paragraph, headline)
