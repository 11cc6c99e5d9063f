"""Phrases completed by what stands beside them: an unknown name, a shared office; never who is meant."""

from streams.catalogue.page import ABBREVIATIONS, CALENDAR, Page
from streams.catalogue.phrases import Phrase

_PARTICLES = frozenset({"van", "von", "der", "de", "di", "da", "del", "bin", "al", "el", "ten", "vel"})
_MOST_NAMES = 4
_AND = frozenset({" and ", ", ", " & "})
_GROUPS = frozenset({"leaders", "ministers", "unnamed-group"})


def complete(page: Page, phrases: list[Phrase], taken: set[int]) -> None:
    """Extend the phrases in place; `taken` holds the first word of every known entry.

    "Ukrainian MP Jane Doe" becomes one phrase though nobody knows Jane Doe, and "American" in "American and British
    officials" gets its officials.
    """
    for phrase in phrases:
        if phrase.office is not None and not phrase.names and not phrase.office.institution:
            _take_unknown_name(page, phrase, taken)
    for one, other in zip(reversed(phrases[:-1]), reversed(phrases[1:]), strict=True):
        between = page.between(one.last - 1, other.first)
        if _is_adjective(one) and other.state and other.office and not other.names and between in _AND:
            one.office = other.office
        elif one.office and one.office.id in _GROUPS and one.complement and between == " and " and _is_bare(other):
            other.office = one.office


def _is_adjective(phrase: Phrase) -> bool:
    """Whether the phrase is "American" or "US" alone; "in Rome, the foreign minister" shares nothing."""
    return _is_bare(phrase) and phrase.state is not None and (phrase.state.kind == "demonym" or phrase.state.exact)


def _is_bare(phrase: Phrase) -> bool:
    return phrase.state is not None and phrase.office is None and not phrase.names


def _take_unknown_name(page: Page, phrase: Phrase, taken: set[int]) -> None:
    last = index = phrase.last
    if page.words[index - 1].lower() in ABBREVIATIONS and index < len(page.words) and page.gap(index) == ". ":
        index += page.capital(index) and index not in taken
        last = index
    while index < len(page.words) and index - phrase.last < _MOST_NAMES:
        if index in taken or not (page.beside(index) or page.gap(index) in {"-", "'", "’"}):
            break
        word = page.words[index]
        if word in CALENDAR or (word.isupper() and len(word) > 1):
            break
        if page.capital(index):
            last = index + 1
        elif word not in _PARTICLES:
            break
        index += 1
    if last > phrase.last and not page.title_case(phrase.last):
        phrase.last, phrase.unknown_name = last, True
