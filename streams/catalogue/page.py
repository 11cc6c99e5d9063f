"""A text as words on lines, and what its typography says about them; never what they mean."""

from streams.catalogue.spelling import WORD, Word

_SPACES = frozenset({" ", "\u00a0"})
# A line of fewer long words says nothing about how it uses capitals.
_ENOUGH = 4


class Page:
    """One text with its words. `text[word.start:word.end] == word.text` for each of them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [Word(match.start(), match.end(), match.group()) for match in WORD.finditer(text)]
        self._lines: dict[int, bool] = {}

    def gap(self, index: int) -> str:
        """The characters between word `index` and the word before it."""
        return self.text[self.words[index - 1].end : self.words[index].start] if index else ""

    def joined(self, index: int) -> bool:
        """Whether a single space stands between word `index` and the one before."""
        return 0 < index < len(self.words) and self.gap(index) in _SPACES

    def capital(self, index: int) -> bool:
        """Whether there is a word `index` and it begins with a capital."""
        return 0 <= index < len(self.words) and self.words[index].text[0].isupper()

    def opens(self, index: int) -> bool:
        """Whether the word opens a sentence, a line or a quotation, where a capital says nothing."""
        gap = self.gap(index).strip(" ")
        return index == 0 or (gap != "" and gap not in {"-", ",", "'", "’"})

    def title_case(self, index: int) -> bool:
        """Whether the word's line is a headline In Title Case, where a capital says nothing either."""
        position = self.words[index].start
        start = self.text.rfind("\n", 0, position) + 1
        known = self._lines.get(start)
        if known is None:
            end = self.text.find("\n", position)
            # The beginning of a line is enough, and keeps one endless line from being read again and again.
            line = self.text[start : min(len(self.text) if end < 0 else end, start + 300)]
            long = [word for word in WORD.findall(line) if len(word) > 3]
            known = len(long) < _ENOUGH or sum(word[0].isupper() for word in long) > 0.6 * len(long)
            self._lines[start] = known
        return known
