"""Cuts an article into its headline and sentences with exact offsets; never changes a character."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import sentencex

from streams.statements.open_quotes import open_from

# A page without a full stop is no news text: what lies past this many characters of one sentence is cut off.
LONGEST: Final = 1_200
_BLANK: Final = re.compile(r"\s*")
# Where the segmenter joins what the typesetter parted: a line break that begins a list item or a quotation.
_BREAK: Final = re.compile(r"\n\s*")


class Sentence(NamedTuple):
    """`text` is exactly `body[start:end]`, without blanks around it. `paragraph` counts up from 0, the headline's.

    `quoted_from`: from this character of `text` on, all is a quotation that the next paragraph goes on with; else None.
    """

    start: int
    end: int
    text: str
    paragraph: int
    headline: bool
    quoted_from: int | None = None


def split_headline(title: str) -> Iterator[Sentence]:
    """Yield the headline's sentences: usually one."""
    yield from _split(title, 0, 0, headline=True)


def split_text(text: str, offset: int) -> Iterator[Sentence]:
    """Yield the sentences of a body text that stands at `offset` of the article's body."""
    paragraphs = list(_paragraphs(text))
    for number, (start, piece) in enumerate(paragraphs, start=1):
        following = paragraphs[number][1] if number < len(paragraphs) else ""
        opened = open_from(piece, following)
        for sentence in _split(piece, offset + start, number, headline=False):
            first = None if opened is None else max(0, offset + start + opened - sentence.start)
            within = first is not None and first < len(sentence.text)
            yield sentence._replace(quoted_from=first) if within else sentence


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """The paragraphs with their offsets, none of them blank."""
    start = 0
    for match in _BREAK.finditer(text):
        if match.start() > start:
            yield start, text[start : match.start()]
        start = match.end()
    if start < len(text):
        yield start, text[start:]


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
