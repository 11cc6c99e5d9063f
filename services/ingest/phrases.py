"""Lists of phrases to one matcher that finds them among a text's words, in time linear in the words.

A phrase is words apart by spaces: `a/b` is either word, `stem*` any word that starts so, `..` up to four other words
in between. Where phrases overlap the one that starts first wins, then the one with more words; the words within a `..`
stay free for other phrases. Matching sees words in lower case, without accents, hyphens or a possessive 's.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

GAP: Final = ".."
LONGEST_GAP: Final = 4
# Stems are looked up by their first letters, so none may be shorter.
STEM_KEY: Final = 3
# Distinct words that are remembered to begin nothing; English news has some fifty thousand.
REMEMBERED_MOST: Final = 100_000

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
# The same in plain letters, which are most of a text and are matched in half the time.
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)?")
# The country, not the pronoun: only capitals tell them apart, so it is settled before the case is dropped.
# It starts with a letter and looks back, since a search for a letter is much quicker than one for the edge of a word.
_AMERICA = re.compile(r"U(?<!\wU)(?:\.\s?S\.(?:\s?A\.)?|SA?\b)")

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")

Step = tuple[str, ...]


class Hit(NamedTuple):
    """A phrase of `group` found at the word positions `words`, first to last, those within a gap left out."""

    group: str
    words: tuple[int, ...]


def words_of(text: str) -> list[str]:
    """Return the words of `text` as phrases are written."""
    text = _AMERICA.sub("america", text)
    if not text.isascii():
        text = text.replace("’", "'").replace("‘", "'")
        text = _BEYOND_ASCII.sub(_without_accents, unicodedata.normalize("NFKD", text))
    text = text.lower()
    words: list[str] = (_ASCII_WORD if text.isascii() else _WORD).findall(text)
    return [word.removesuffix("'s") for word in words] if "'" in text else words


def _without_accents(found: re.Match[str]) -> str:
    return "".join(c for c in found[0] if not unicodedata.combining(c))


class Phrases:
    """A matcher for the phrases of several groups."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._words: dict[str, list[tuple[str, list[Step]]]] = {}
        self._stems: dict[str, list[tuple[str, list[Step]]]] = {}
        # Words that were looked up before and begin nothing: nearly all words, and the same ones again and again.
        self._idle: set[str] = set()
        for group, phrases in groups.items():
            for phrase in phrases:
                steps = [tuple(word.split("/")) for word in phrase.split()]
                for first in steps[0]:
                    index, key = (self._stems, first[:STEM_KEY]) if first.endswith("*") else (self._words, first)
                    index.setdefault(key, []).append((group, [(first,), *steps[1:]]))

    def find(self, words: list[str], spoken_for: Iterable[Hit] = ()) -> list[Hit]:
        """Return the hits in the order of the text; no two share a word, nor takes any a word of `spoken_for`."""
        beginning = set(words) - self._idle
        if not beginning:
            return []
        hits: list[Hit] = []
        taken = {at for hit in spoken_for for at in hit.words}
        for start in [place for place, word in enumerate(words) if word in beginning]:
            word = words[start]
            candidates = self._words.get(word, []) + self._stems.get(word[:STEM_KEY], [])
            if len(self._idle) < REMEMBERED_MOST and not any(_fits(word, steps[0][0]) for _, steps in candidates):
                self._idle.add(word)
            if start in taken:
                continue
            best: Hit | None = None
            for group, steps in candidates:
                found = _match(words, start, steps)
                if found and (best is None or len(found) > len(best.words)) and taken.isdisjoint(found):
                    best = Hit(group, found)
            if best is not None:
                hits.append(best)
                taken.update(best.words)
        return hits


def _match(words: list[str], at: int, steps: list[Step]) -> tuple[int, ...] | None:
    """Return the positions of the words that `steps` take from `at` on, or None."""
    if not steps:
        return ()
    if steps[0] == (GAP,):
        for skipped in range(LONGEST_GAP + 1):
            rest = _match(words, at + skipped, steps[1:])
            if rest is not None:
                return rest
        return None
    if at >= len(words) or not any(_fits(words[at], form) for form in steps[0]):
        return None
    rest = _match(words, at + 1, steps[1:])
    return None if rest is None else (at, *rest)


def _fits(word: str, form: str) -> bool:
    return word.startswith(form[:-1]) if form.endswith("*") else word == form
