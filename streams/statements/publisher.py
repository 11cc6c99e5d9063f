"""Cuts the publisher's name off the end of a headline: "… - ABC News", "… | Reuters"; never a source that is quoted."""

from collections.abc import Sequence
from typing import Final

from streams.statements.subjects import is_outlet
from streams.statements.tokens import Token

_LONGEST: Final = 6
_LIVE: Final = frozenset({"live", "updates", "blog", "video", "photos", "pictures"})


def headline_ends(tokens: Sequence[Token]) -> int:
    """Return how many tokens are the headline's own.

    Publishers put themselves behind a hyphen or a bar; behind a long dash stands who is quoted, which stays.
    """
    for index in range(len(tokens) - 1, 1, -1):
        if tokens[index].text not in {"-", "|", "–"} or tokens[index].quoted:
            continue
        words = [token for token in tokens[index + 1 :] if token.word]
        named = 0 < len(words) <= _LONGEST and (
            (tokens[index].text != "–" and is_outlet(words)) or words[-1].low in _LIVE or words[0].low in _LIVE
        )
        return index if named else len(tokens)
    return len(tokens)
