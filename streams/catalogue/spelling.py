"""Words of a text, folded so that spellings of one name are equal; never changes the text or its offsets."""

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"\w+")

# NFKD leaves these letters whole.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
# Romanisations of one Slavic ending: Zelensky, Zelenskyy, Zelenskiy, Zelenskyi, Zelenskij, Zelenski.
_ENDING = re.compile(r"[iy][iyj]?$")

# What may stand between two words of one name: "Xi Jinping", "Al-Thani", "U.S.", "Zelens'kyi".
JOINTS = frozenset({" ", "-", "‑", "–", ".", ". ", "'", "’", "ʼ", "\u00a0", "\u202f"})
APOSTROPHES = "'’ʼ‘"


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Return the word in lower case, without diacritics, with one spelling for Slavic endings."""
    low = word.lower()
    if not low.isascii():
        low = unicodedata.normalize("NFKD", low.translate(_LETTERS))
        low = "".join(letter for letter in low if not unicodedata.combining(letter))
    low = low.replace("ia", "ya")
    if len(low) < 4:
        return low
    return _ENDING.sub("y", low) if low[-1] in "iyj" else low


def folded(name: str) -> tuple[str, ...]:
    """Return a name's words, folded."""
    return tuple(fold(word) for word in WORD.findall(name))
