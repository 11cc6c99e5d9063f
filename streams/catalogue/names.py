"""What stands around a surname says whether it is one: a stranger's, a company's, a given name; never whose it is."""

from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from streams.catalogue.actors import Office, Person
from streams.catalogue.lexicon import Usage
from streams.catalogue.page import CALENDAR, Page
from streams.catalogue.phrases import Phrase
from streams.catalogue.spelling import fold

# "Emmanual" is Emmanuel, "Julieanne" is Julianne; "Hunter" is not Joe.
_SAME_NAME = 0.75
_MOST_GIVEN = 3


class Names:
    """The catalogue's knowledge of given names and of surnames that need care."""

    def __init__(self, people: Mapping[str, Person], offices: Mapping[str, Office], usage: Usage) -> None:
        self.common = frozenset(map(fold, usage.common))
        self.rare = frozenset(map(fold, usage.rare))
        self._people = people
        self.suffixes = frozenset(map(fold, usage.person_suffixes))
        self._openers = frozenset(usage.openers) | CALENDAR
        titles = {fold(word) for office in offices.values() for word in office.words} | set(map(fold, usage.honorific))
        own = {fold(part) for person in people.values() for part in person.name.split()[:-1] if part[0].isupper()}
        self._givens = (frozenset(map(fold, usage.given_names)) | own) - titles

    def of_thing(self, page: Page, phrase: Phrase, taken: set[int]) -> bool:
        """Whether the surname begins another name: "Trump Tower", "Pavel Durov", "Tanner Scott"."""
        index = phrase.last
        if phrase.names[0].kind != "surname" or not page.joined(index) or not page.capital(index):
            return False
        if fold(page.words[index]) in self.suffixes:
            return True
        return index not in taken and page.words[index] not in self._openers and not page.title_case(index)

    def of_stranger(self, page: Page, phrase: Phrase, taken: set[int]) -> bool:
        """Whether the surname follows a given name that is not the person's: "Hunter Biden"."""
        names = phrase.names or phrase.owner
        before = phrase.name_first - 1 if phrase.names else phrase.core[0] - 1
        if names[0].kind != "surname" or before < 0 or not page.capital(before):
            return False
        if page.words[before] == "Mrs":
            # The catalogue does not know whose wife she is, nor whether she is the one who holds the office.
            return True
        inside = before >= phrase.first
        if not page.beside(before + 1) or (inside and not phrase.unknown_name) or self._alike(page, phrase, before):
            return False
        if inside or fold(page.words[before]) in self._givens:
            return True
        careful = fold(names[0].name) in self.common | self.rare
        return before not in taken and self._is_given(page, before, careful)

    def _is_given(self, page: Page, index: int, careful: bool) -> bool:
        """Whether an unknown word with a capital is likely a given name; `careful` also where a sentence opens."""
        word = page.words[index]
        if (word.isupper() and len(word) > 1) or word in self._openers or page.title_case(index):
            return False
        return careful or not page.opens(index)

    def _alike(self, page: Page, phrase: Phrase, before: int) -> bool:
        """Whether one of the capitalised words up to `before` could spell a given name of one whom the phrase means."""
        names = phrase.names or phrase.owner
        own = {fold(part.strip(".")) for one in names for part in self._people[one.value].name.split()[:-1]}
        for index in range(before, max(before - _MOST_GIVEN, -1), -1):
            given = fold(page.words[index])
            if any(_similar(given, part) for part in own):
                return True
            if not page.beside(index) or not page.capital(index - 1):
                return False
        return False


@lru_cache(maxsize=1 << 14)
def _similar(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= _SAME_NAME
