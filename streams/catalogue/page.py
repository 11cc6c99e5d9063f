"""A text as words on lines, and what its typography says about them; never what they mean."""

import re
from itertools import accumulate

from streams.catalogue.spelling import WORD

_WORDS_AND_GAPS = re.compile(f"({WORD.pattern})")

# What may stand before a full stop within a name.
ABBREVIATIONS = frozenset({"gen", "sen", "rep", "gov", "lt", "dr", "col", "adm", "mr", "mrs", "ms"})
# "The Ukrainian president Monday said": a capital that is no name.
CALENDAR = frozenset(
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March"}
    | {"April", "May", "June", "July", "August", "September", "October", "November", "December", "I"}
)
_SPACES = frozenset({" ", "\u00a0"})
# Words that a headline In Title Case leaves small, and how many others may be small in one.
_SMALL = frozenset(
    {"a", "an", "the", "of", "in", "on", "to", "for", "and", "as", "at", "by", "or", "but", "with", "from"}
    | {"nor", "per", "via", "vs", "over", "after", "amid", "into", "that", "than", "is", "not", "it", "its", "be"}
    | {"up", "off", "s"}
)
_STRAY = 0.15
_WINDOW = 400


class Page:
    """One text with its words and the gaps before them; `text[starts[i]:end(i)] == words[i]`.

    Plain lists, cut in one pass: a record for each word took as long as all the rest of the reading.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        parts = _WORDS_AND_GAPS.split(text)
        ends = list(accumulate(map(len, parts)))
        self.words: list[str] = parts[1::2]
        self.gaps: list[str] = parts[0::2]
        self.starts, self._ends = ends[0:-1:2], ends[1::2]
        self._lines: dict[int, bool] = {}

    def end(self, index: int) -> int:
        """The offset just after word `index`."""
        return self._ends[index]

    def between(self, one: int, other: int) -> str:
        """The characters between the end of word `one` and the start of word `other`."""
        return self.gaps[other] if other == one + 1 else self.text[self._ends[one] : self.starts[other]]

    def gap(self, index: int) -> str:
        """The characters between word `index` and the word before it."""
        return self.gaps[index] if index else ""

    def joined(self, index: int) -> bool:
        """Whether a single space stands between word `index` and the one before."""
        return 0 < index < len(self.words) and self.gap(index) in _SPACES

    def beside(self, index: int) -> bool:
        """Whether word `index` follows the one before as in a name: after a space, or after an initial's full stop."""
        return self.joined(index) or (index > 0 and self.gap(index) == ". " and len(self.words[index - 1]) == 1)

    def capital(self, index: int) -> bool:
        """Whether there is a word `index` and it begins with a capital."""
        return 0 <= index < len(self.words) and self.words[index][0].isupper()

    def opens(self, index: int) -> bool:
        """Whether the word opens a sentence, a line or a quotation, where a capital says nothing."""
        gap = self.gap(index).strip(" ")
        return index == 0 or (gap != "" and gap not in {"-", ",", "'", "’"})

    def title_case(self, index: int) -> bool:
        """Whether the word's line is a headline In Title Case, where a capital says nothing either."""
        position = self.starts[index]
        # A window of the line is enough, and keeps one endless line from being read again for each of its words.
        floor = position - position % _WINDOW
        start = max(self.text.rfind("\n", floor, position) + 1, floor)
        known = self._lines.get(start)
        if known is None:
            end = self.text.find("\n", position, start + _WINDOW)
            line = WORD.findall(self.text, start, start + _WINDOW if end < 0 else end)
            content = [word for word in line if word.lower() not in _SMALL]
            known = sum(word[0].islower() for word in content) <= _STRAY * len(content)
            self._lines[start] = known
        return known
