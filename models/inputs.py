"""Turns a text and the speaker's words in it into token ids; the one place where training and reading agree.

The speaker's words stand between two marker tokens, so that a text with two actors can be read once for each.
"""

from collections.abc import Sequence
from typing import Final

from tokenizers import Tokenizer

from models.spans import Span

# Two characters of the encoder's vocabulary that no news text uses, so that their frozen embeddings mean one thing.
OPENING: Final = "⟨"
CLOSING: Final = "⟩"
MAX_TOKENS: Final = 128
# Texts are cut to this many characters around the speaker before they are tokenised: time stays linear in the
# number of statements, whatever a hostile page holds.
WINDOW: Final = 2_000


class Inputs:
    """Makes token ids with a tokenizer that has lower-case word pieces, `[CLS]` and `[SEP]`."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int = MAX_TOKENS) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._room = max_tokens - 2
        self._cls, self._sep, self._opening, self._closing = (
            self._id(token) for token in ("[CLS]", "[SEP]", OPENING, CLOSING)
        )

    def _id(self, token: str) -> int:
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise ValueError(f"the tokenizer has no token {token!r}")
        return int(found)

    def encode(self, text: str, span: Span | None) -> list[int]:
        """Return the ids of `text`, its `span` (character offsets) between markers; at most `max_tokens` of them.

        A long text keeps what stands around the span, or its beginning where there is none. A span that is empty or
        lies outside the text counts as none.
        """
        if span is not None and not 0 <= span[0] < span[1] <= len(text):
            span = None
        text, span = _window(text, span)
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids: list[int] = list(encoding.ids)
        covered = _covered(encoding.offsets, span) if span else None
        if covered is None:
            return [self._cls, *ids[: self._room], self._sep]
        first, last = covered
        last = min(last, first + self._room - 3)
        marked = [*ids[:first], self._opening, *ids[first : last + 1], self._closing, *ids[last + 1 :]]
        begin = _begin(len(marked), first, last + 3, self._room)
        return [self._cls, *marked[begin : begin + self._room], self._sep]


def _window(text: str, span: Span | None) -> tuple[str, Span | None]:
    if len(text) <= WINDOW:
        return text, span
    if span is None:
        return text[:WINDOW], None
    start, end = span[0], min(span[1], span[0] + WINDOW // 2)
    begin = _begin(len(text), start, end, WINDOW)
    return text[begin : begin + WINDOW], (start - begin, end - begin)


def _begin(length: int, start: int, end: int, room: int) -> int:
    """Where a window of `room` begins that holds [start, end) near its middle and wastes nothing at the edges."""
    return max(0, min((start + end - room) // 2, length - room))


def _covered(offsets: Sequence[Span], span: Span) -> Span | None:
    """The first and the last token that share a character with `span`."""
    inside = [index for index, (start, end) in enumerate(offsets) if start < span[1] and end > span[0]]
    return (inside[0], inside[-1]) if inside else None
