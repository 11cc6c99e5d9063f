"""Finds where given words stand in a text, whatever their case and accents; never changes the text."""

import re
import unicodedata

Span = tuple[int, int]


def folded(text: str) -> str:
    """Return `text` in lower case without accents, character for character: offsets stay those of `text`."""
    return "".join(_fold(character) for character in text)


def _fold(character: str) -> str:
    if character.isascii():
        return character.lower()
    if character in "’‘ʼ`´":
        return "'"
    if character in "“”„«»":
        return '"'
    plain = unicodedata.normalize("NFKD", character)[:1].lower()
    # One character in, one character out: "İ".lower() has two, and would shift every offset behind it.
    return plain if len(plain) == 1 else character


def locate(text: str, words: str) -> Span | None:
    """Return the offsets of the first place where `words` stand in `text` as whole words, else None.

    The case as written is preferred, so that "I" or "US" is not found inside other words' lower case.
    """
    words = words.strip()
    if not words:
        return None
    attempts = ((text, words), (folded(text), folded(words)))
    for haystack, needle in attempts:
        pattern = r"\s+".join(re.escape(part) for part in needle.split())
        if not pattern:
            continue  # Accents alone fold to spaces, and nothing would be found everywhere.
        found = re.search(rf"(?<!\w){pattern}(?!\w)", haystack)
        if found:
            return found.span()
    return None
