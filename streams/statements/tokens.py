"""Cuts a sentence into tokens with exact offsets and marks which stand inside quotation marks; never reads meaning."""

import re
from typing import Final, NamedTuple

# No alternative can start inside another's match and no group repeats a group that can be empty: time is linear.
_TOKEN: Final = re.compile(
    r"(?:[A-Z]\.){2,}"  # U.S., U.K.
    r"|\d+(?:[.,:]\d+)*"
    r"|[^\W\d_]+n[’']t\b"  # won't
    r"|[’'](?:s|re|ve|ll|d|m)\b"  # Russia's: the possessive stands alone
    r"|(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sen|Rep|Gov|Prof|St|Adm|Capt|Maj|Sgt|Amb|Jr|Sr)\."
    r"|[^\W\d_]\.(?=\s+[A-Z])"  # an initial
    r"|[^\W\d_]+(?:[-‐‑][^\W_]+)*"
    r"|[^\s]"
)
OPENERS: Final = frozenset("“„«‘")
CLOSERS: Final = frozenset("”»")
STRAIGHT: Final = frozenset("\"'")
MARKS: Final = OPENERS | CLOSERS | STRAIGHT | {"’"}
DASHES: Final = frozenset("—–-―‒")


class Token(NamedTuple):
    """One word or mark. `start` and `end` count in the text that was cut; `quoted`: between quotation marks."""

    start: int
    end: int
    text: str
    low: str
    quoted: bool

    @property
    def capital(self) -> bool:
        """Whether a word begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def word(self) -> bool:
        """Whether this is a word and not a mark or a number."""
        return self.text[0].isalpha()


def tokenize(text: str, quoted_from: int | None = None) -> list[Token]:
    """Return the tokens of `text` in order; `text[token.start:token.end] == token.text`.

    What begins at `quoted_from` or later is inside a quotation, whatever its marks say.
    """
    spans = [match.span() for match in _TOKEN.finditer(text)]
    quoted = _quoted(text, spans)
    known = len(text) if quoted_from is None else quoted_from
    return [
        Token(start, end, text[start:end], text[start:end].lower().replace("’", "'"), inside or start >= known)
        for (start, end), inside in zip(spans, quoted, strict=True)
    ]


def _quoted(text: str, spans: list[tuple[int, int]]) -> list[bool]:
    """Whether each token stands inside quotation marks; the marks themselves count as inside.

    A quotation that never closes is one only when it opens the text or is curly: a stray `"` must not swallow a
    sentence.
    """
    flags = [False] * len(spans)
    opened: int | None = None
    mark = ""
    for index, (start, end) in enumerate(spans):
        sign = text[start:end]
        if sign not in MARKS:
            continue
        if opened is None:
            if sign in OPENERS or (index == 0 and sign in CLOSERS) or (sign in STRAIGHT and _opens(text, start)):
                opened, mark = index, sign
            elif sign in CLOSERS or (sign == '"' and _shuts(text, start)):
                # The quotation began in the sentence before.
                flags[: index + 1] = [True] * (index + 1)
        elif _closes(text, start, sign, mark):
            flags[opened : index + 1] = [True] * (index + 1 - opened)
            opened = None
    if opened is not None and (mark in "“„«" or (opened == 0 and mark == '"')):
        flags[opened:] = [True] * (len(spans) - opened)
    return flags


def _opens(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return (before.isspace() or before in "([—–-:,") and not after.isspace()


def _shuts(text: str, at: int) -> bool:
    after = text[at + 1] if at + 1 < len(text) else " "
    return at > 0 and not text[at - 1].isspace() and not after.isalnum()


def _closes(text: str, at: int, sign: str, mark: str) -> bool:
    after = text[at + 1] if at + 1 < len(text) else " "
    if mark in "“„«”»":
        return sign in CLOSERS or (sign == "“" and mark == "„")
    if mark == "‘":
        return sign in "’'" and not after.isalnum()
    if mark == "'":
        return sign in "'’" and not after.isalnum()
    return sign == '"'
