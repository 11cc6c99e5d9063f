"""Blanks out what is no prose (tags, entities, control characters), character for character: offsets stay."""

import re
from typing import Final

from streams.statements.words import vocabulary

_TAG: Final = re.compile(r"<[^<>]{1,400}>|&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,6});")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_WORD: Final = re.compile(r"[a-z]+")
# Words that no English paragraph does without.
_ENGLISH: Final = vocabulary(
    """the of to and in a for on is that with as by at from it be was has have not but its will he his said says after
    over are an or their they who this which been up more than would about if you i we our one no all"""
)
_SAMPLE: Final = 1_500


def blank_markup(text: str) -> str:
    """Return `text` with everything that is no prose replaced by as many spaces."""
    if "<" in text or "&" in text:
        text = _TAG.sub(lambda match: " " * len(match.group()), text)
    return _CONTROL.sub(" ", text)


def is_english(text: str) -> bool:
    """Whether the grammar can read the text; a few words alone have the benefit of the doubt if they are Latin."""
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    if letters and len(_LATIN.findall(sample)) < 0.7 * letters:
        return False
    words = _WORD.findall(sample.lower())
    if len(words) < 40:
        return True
    return sum(word in _ENGLISH for word in words) >= 0.12 * len(words)
