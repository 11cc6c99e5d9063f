"""Acts that stand in a participle: "Rejecting a truce, X flew home", "X met Y, rejecting a truce"; never whose."""

from collections.abc import Callable, Sequence
from typing import Final

from streams.statements.tokens import DASHES, Token
from streams.statements.verbs import ACT_FORMS
from streams.statements.words import vocabulary

_NEW_CLAUSE: Final = frozenset({";", ":", "?", "that", "who", "which", "whom", "whose", "as", "while", "after", "if"})
# As participles they say how or when, and nothing that was done.
_NO_ACTS: Final = vocabulary(
    """begin start have make put see need keep stay remain shift change come go lead take carry follow discuss set draw
    leave give send bring speak talk write ask answer reply respond echo mirror say warn note add cite"""
)


def opening_participle(tokens: Sequence[Token]) -> tuple[str, int] | None:
    """Return the verb of the participle with which the sentence begins, and the comma behind its phrase; else None."""
    lemma = _lemma(tokens[0]) if tokens else None
    comma = next((i for i, token in enumerate(tokens) if token.low == "," and not token.quoted), None)
    return None if lemma is None or comma is None or comma + 1 >= len(tokens) else (lemma, comma)


def later_participle(
    tokens: Sequence[Token], index: int, begins_clause: Callable[[int], bool]
) -> tuple[str, int] | None:
    """Return the verb of a participle behind a comma from `index` on, and its token.

    None where a quotation, a relative clause or somebody else's clause (`begins_clause`) comes before it.
    """
    for place in range(index + 1, len(tokens)):
        token = tokens[place]
        if token.quoted or token.text in DASHES or token.low in _NEW_CLAUSE or begins_clause(place):
            return None
        if tokens[place - 1].low == "," and (lemma := _lemma(token)) is not None:
            return lemma, place
    return None


def _lemma(token: Token) -> str | None:
    lemma, kind = ACT_FORMS.get(token.low, ("", ""))
    return lemma if kind == "gerund" and lemma not in _NO_ACTS else None
