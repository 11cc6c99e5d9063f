"""Names that no catalogue has, by their capitals alone; never whose they are."""

from collections.abc import Iterator, Sequence
from typing import Final

from streams.statements.roles import ROLES
from streams.statements.tokens import Token
from streams.statements.verbs import ACT_FORMS, SPEECH_FORMS
from streams.statements.words import (
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTIONS,
    TIMES,
    is_adverb,
    vocabulary,
)

_LONGEST: Final = 4
_OPENING: Final = vocabulary(
    """if when however so then no not or until unless because according neither either meanwhile earlier later even
    such we you i my your"""
)
_NEVER: Final = DETERMINERS | TIMES | QUESTIONS | PRONOUNS | SPEECH_FORMS.keys() | ACT_FORMS.keys() | ROLES.keys()


def find_names(tokens: Sequence[Token], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of capitalised words among tokens `first` to `last` (exclusive), as (first, exclusive last)."""
    index = first
    while index < last:
        stop = index
        while stop < last and stop - index < _LONGEST and _is_name(tokens, stop):
            stop += 1
        if stop > index:
            yield index, stop
        index = max(stop, index + 1)


def _is_name(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    low = token.low
    if not token.word or not token.capital or token.quoted or low in _NEVER:
        return False
    # The first word of a sentence has its capital from there.
    return index > 0 or not (low in _OPENING or low in PREPOSITIONS or low in CONJUNCTIONS or is_adverb(low))


def in_title_case(tokens: Sequence[Token]) -> bool:
    """Whether this is a headline With Its Words in Capitals, where a capital says nothing."""
    words = [token for token in tokens if token.word and len(token.text) > 3]
    return len(words) > 3 and sum(token.capital for token in words) > 0.7 * len(words)
