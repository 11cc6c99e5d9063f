"""Which clauses have not happened: conditions, comparisons and questions inside a sentence; never who is in them."""

from collections.abc import Sequence
from typing import Final

from streams.statements.tokens import Token
from streams.statements.words import HYPOTHETICAL, vocabulary

# "only after Kyiv has …", "as long as Moscow …", "such as Paris": no clause of its own.
_QUALIFIERS: Final = vocabulary("only until long soon far well much many such just")
_OPEN: Final = vocabulary("until unless if whether lest")
_CLOSES: Final = vocabulary(", ; : as while")


def in_condition(tokens: Sequence[Token], begin: int) -> bool:
    """Whether the clause at `begin` goes on a condition begun before it ("until Kyiv votes and …", "only after …")."""
    before = tokens[begin - 1].low if begin else ""
    if before in {"after", "as"} and begin > 1:
        if tokens[begin - 2].low in _QUALIFIERS:
            return True
        if before == "as" and any(token.low in {"as", "so"} for token in tokens[max(0, begin - 5) : begin - 1]):
            return True
    for index in range(begin - 1, -1, -1):
        low = tokens[index].low
        if tokens[index].quoted or low in _CLOSES:
            return False
        if low in _OPEN:
            return True
    return False


def skip_condition(tokens: Sequence[Token], begin: int) -> int:
    """The token behind a condition that begins at `begin`, or `begin` where none does."""
    if tokens[begin].low not in HYPOTHETICAL:
        return begin
    stop = (index + 1 for index in range(begin + 1, len(tokens)) if tokens[index].low in {",", ";"})
    return next(stop, len(tokens))
